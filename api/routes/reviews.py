"""The review desk: what waits, verdicts and what they would do, undoing, agreement."""

from typing import Annotated

from fastapi import Path, Query, Request

from api.review_desk import agreement_body, queue_body, shown_task
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.guard import needs
from api.service.judging import bench, decided, judgements_body, undone
from api.service.roles import Permission
from api.service.spoken import Asking
from api.undoing import Chosen
from api.wire.problem import problems
from api.wire.reviews import (
    Agreements,
    Decision,
    DecisionAnswer,
    Judgements,
    Judging,
    Queue,
    ShownTask,
    Undoing,
    UndoingAnswer,
)

__all__ = ["router"]

router = guarded_router("review")

TaskId = Annotated[str, Path(pattern=r"^t-[0-9a-f]{24}$", description="Id of the task")]
Limit = Annotated[int, Query(ge=1, le=500)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/reviews", response_model=Queue)
@needs(Permission.REVIEW)
def queue(request: Request, caller: Asking, limit: Limit = 50, skip: Skip = 0) -> Answer:
    """List what waits for a reviewer, the most harmful first; no score, nobody's verdict."""
    with bench(request.app.state.running, caller, writing=False) as work:
        body = queue_body(work, limit, skip)
    caller.trail.told(each["id"] for task in body["tasks"] for each in task["subjects"])
    return Answer(body)


@router.get("/reviews/agreement", response_model=Agreements)
@needs(Permission.REVIEW)
def agreement(request: Request, caller: Asking) -> Answer:
    """Tell how far every two reviewers agree on what both judged."""
    with bench(request.app.state.running, caller, writing=False) as work:
        return Answer({"agreements": agreement_body(work)})


@router.get("/reviews/{task}", response_model=ShownTask, responses=problems(404))
@needs(Permission.REVIEW)
def show(request: Request, task: TaskId, caller: Asking) -> Answer:
    """Show the parties of a task side by side; what a verdict would do is asked by a dry run."""
    with bench(request.app.state.running, caller, writing=False) as work:
        body = shown_task(work, task, would=False)
    caller.trail.told(each["id"] for each in body["subjects"])
    return Answer(body)


@router.post(
    "/reviews/{task}/decision", response_model=DecisionAnswer, responses=problems(404, 409)
)
@needs(Permission.REVIEW)
def decide(request: Request, task: TaskId, asked: Decision, caller: Asking) -> Answer:
    """Judge a task, or with `dry_run` tell who would merge, part, gain and lose.

    What gives or takes a restriction is proposed first. It counts once another person, who is
    not shown the verdict, says the same of the same evidence.
    """
    with bench(request.app.state.running, caller, writing=True) as work:
        return Answer(decided(work, [task], asked.verdict, asked.why, dry=asked.dry_run))


@router.get("/judgements", response_model=Judgements)
@needs(Permission.REVIEW)
def judgements(request: Request, caller: Asking, limit: Limit = 50) -> Answer:
    """List the judgements made, the newest first; others' proposals without their verdict."""
    with bench(request.app.state.running, caller, writing=False) as work:
        return Answer(judgements_body(work, limit))


@router.post("/judgements", response_model=DecisionAnswer, responses=problems(404, 409, 410))
@needs(Permission.REVIEW)
def judge(request: Request, asked: Judging, caller: Asking) -> Answer:
    """Judge parties picked by id; another person confirms by judging the same likewise."""
    with bench(request.app.state.running, caller, writing=True) as work:
        return Answer(decided(work, asked.parties, asked.verdict, asked.why, dry=asked.dry_run))


@router.post("/judgements/undo", response_model=UndoingAnswer, responses=problems(404, 409))
@needs(Permission.REVIEW)
def undo(request: Request, asked: Undoing, caller: Asking) -> Answer:
    """Undo judgements; where a restriction comes or goes, once another person undoes them, too."""
    chosen = Chosen(
        ids=tuple(asked.judgements),
        person=asked.person,
        day=None if asked.day is None else asked.day.isoformat(),
        reason=asked.reason,
        verdict=asked.verdict,
    )
    with bench(request.app.state.running, caller, writing=True) as work:
        return Answer(undone(work, chosen, asked.why, dry=asked.dry_run))
