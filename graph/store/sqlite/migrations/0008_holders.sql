-- Who owns a body and who is in its posts says who the body is, too: what was resolved without
-- that is looked at again as a whole.
DELETE FROM meta WHERE name = 'resolved_through';
