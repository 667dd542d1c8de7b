// Who owns a body and who is in its posts says who the body is, too: no schema, but what was
// resolved without that is looked at again.
