"""Slack's requests → acknowledged at once, answered when the record has answered.

slack-bolt takes requests apart and checks their signatures, whichever way they come. Its listeners run in the thread of
the request and do no more than acknowledge and queue (``process_before_response``): Bolt's own pool would let an
acknowledgement wait behind five slow answers, and Slack waits for three seconds.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from watcher.core.errors import WatcherError
from watcher.core.question import Misread, Question, question
from watcher.core.review import Person, Proposal
from watcher.entrypoints.once import Once
from watcher.entrypoints.slack_answers import Place, Voice
from watcher.notify.pages import SNOOZE
from watcher.usecases.reply import ACTIONS, WRITES, Asked, Office, Press, Reply, Sorry, pressed, reply
from watcher.usecases.review import Ruled

READERS, WRITERS = 4, 1  # threads; one writes, since the record takes one writer at a time
_MOST_WAITING = 200  # answers that are owed; more come from somebody who is no person
_BUSY = "The watcher has more questions to answer than it can; please ask again in a minute."
_EVERY = re.compile(".*", re.DOTALL)

Body = dict[str, Any]

_log = logging.getLogger(__name__)
# Below errors, Bolt logs the bodies of requests that it refuses.
_bolt_log = logging.getLogger(f"{__name__}.bolt")
_bolt_log.setLevel(logging.ERROR)


class Conversation:
    """Answers what Slack's users ask and press.

    ``office`` is asked for anew each time, since the configuration may change. ``propose`` is called after a rejection,
    in its own time.
    """

    def __init__(
        self,
        office: Callable[[], Office],
        voice: Voice,
        clock: Callable[[], datetime],
        propose: Callable[[datetime], list[Proposal]],
    ) -> None:
        self._office = office
        self._voice = voice
        self._clock = clock
        self._propose = propose
        self._heard = Once(clock)
        self._readers = ThreadPoolExecutor(READERS, "slack-read")
        self._writers = ThreadPoolExecutor(WRITERS, "slack-write")
        self._learner = ThreadPoolExecutor(1, "slack-learn")
        self._room = threading.BoundedSemaphore(_MOST_WAITING)

    def close(self) -> None:
        """Answer what is owed, and take no more."""
        for pool in (self._readers, self._writers, self._learner):
            pool.shutdown(wait=True)

    def command(self, body: Body) -> str | None:
        """A slash command; what is returned goes with the acknowledgement."""
        by = Person(str(body.get("user_name") or body.get("user_id") or "somebody"), body.get("user_id"))
        asked = question(str(body.get("text") or ""), self._clock().date())
        place = Place(body.get("response_url"), body.get("channel_id"), user=by.id)
        return self._queue(_Task(by, _name(body.get("trigger_id"), body.get("text")), asked, place))

    def mention(self, body: Body) -> None:
        """A message that mentions the bot: answered in its thread. Bots, this one included, get no answer."""
        event = body.get("event") or {}
        if event.get("bot_id") or event.get("subtype") or not event.get("user"):
            return
        by = Person(str(event["user"]), str(event["user"]))
        asked = question(str(event.get("text") or ""), self._clock().date())
        place = Place(channel=event.get("channel"), thread=event.get("thread_ts") or event.get("ts"))
        self._queue(_Task(by, _name(body.get("event_id"), event.get("text")), asked, place))

    def action(self, body: Body) -> str | None:
        """A button, or a date that was picked."""
        press = _press((body.get("actions") or [{}])[0])
        if press is None:
            return None
        user = body.get("user") or {}
        by = Person(str(user.get("username") or user.get("name") or user.get("id") or "somebody"), user.get("id"))
        place = Place(body.get("response_url"), (body.get("channel") or {}).get("id"), user=by.id)
        return self._queue(_Task(by, _name(body.get("trigger_id"), press), press, place))

    def _queue(self, task: "_Task") -> str | None:
        if not self._heard.first(task.request):
            return None
        if not self._room.acquire(blocking=False):
            return _BUSY
        self._pool(task).submit(self._work_off, task)
        return None

    def _pool(self, task: "_Task") -> Executor:
        return self._writers if _writes(task.wanted) else self._readers

    def _work_off(self, task: "_Task") -> None:
        try:
            self._voice.say(self._answer(task), task.place)
        finally:
            self._room.release()

    def _answer(self, task: "_Task") -> Reply:
        try:
            found = self._reply(task.wanted, Asked(task.by, self._clock(), task.request))
        except WatcherError as error:
            _log.error("Slack was not answered: %s", error)
            return Sorry("the record cannot be asked at the moment; the watcher's log says why")
        except Exception:  # noqa: BLE001  (whatever it is, whoever asked is told, and the log has it)
            _log.exception("an answer in Slack could not be given")
            return Sorry("a fault in the watcher stood in the way; its log says which")
        if isinstance(found, Ruled) and found.new and found.review.ruling.rejects:
            self._learner.submit(self._learn)
        return found

    def _reply(self, wanted: "Question | Misread | Press", asked: Asked) -> Reply:
        if isinstance(wanted, Misread):
            return Sorry(wanted.reason, wanted.instead)
        office = self._office()
        return pressed(office, wanted, asked) if isinstance(wanted, Press) else reply(office, wanted, asked)

    def _learn(self) -> None:
        try:
            self._propose(self._clock())
        except Exception:  # noqa: BLE001  (the outermost loop of a thread)
            _log.exception("the rejections could not be looked through for what rules should learn")


@dataclass(frozen=True, slots=True)
class _Task:
    """An answer that is owed."""

    by: Person
    request: str
    wanted: "Question | Misread | Press"
    place: Place


def _name(given: object, content: object) -> str:
    """What a request goes by when it comes again: Slack's own name for it, with what it says."""
    if not given:
        return uuid4().hex
    return sha256(f"{given}\n{content}".encode(errors="replace")).hexdigest()[:24]


def _writes(wanted: "Question | Misread | Press") -> bool:
    if isinstance(wanted, Press):
        return wanted.action in WRITES
    return isinstance(wanted, Question) and wanted.ask.writes


def _press(action: Mapping[str, Any]) -> Press | None:
    """What was pressed; None for what is none of ours."""
    chosen = action.get("selected_option") or {}
    name, key = str(action.get("action_id") or ""), str(action.get("value") or chosen.get("value") or "")
    if name not in ACTIONS:
        return None
    if name != "snooze-until":
        return Press(name, key)
    block = str(action.get("block_id") or "")
    try:
        day = date.fromisoformat(str(action.get("selected_date")))
    except ValueError:
        return None
    return Press(name, block.removeprefix(SNOOZE), day) if block.startswith(SNOOZE) else None


def bolt_app(conversation: Conversation, token: str, api_url: str, signing_secret: str | None, once: Once) -> App:
    """Bolt, with this conversation behind it. No request leads to a request of ours before it is acknowledged.

    Args:
        conversation: answers.
        token: the bot's.
        api_url: where Slack's methods are.
        signing_secret: what requests over HTTP are signed with; None: they are refused, and only Socket Mode is heard.
        once: the signatures that were heard.
    """
    app = App(
        name="slack-bolt",  # a logger of this name gets the level of the next one
        logger=_bolt_log,
        client=WebClient(base_url=api_url),
        # Bolt would ask Slack who we are, in the thread of the first request.
        authorize=lambda enterprise_id, team_id: AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=token
        ),
        signing_secret=signing_secret or "none: requests over HTTP are not routed to this app",
        before_authorize=lambda req, next_: _unless_replayed(once, req, next_),
        ssl_check_enabled=False,  # it would answer before the signature is looked at
        process_before_response=True,
    )
    _listen(app, conversation)
    return app


def _unless_replayed(once: Once, req: BoltRequest, next_: Callable[[], BoltResponse]) -> BoltResponse:
    """Runs right after the signature was found to be Slack's; a second request with the same one is not from Slack."""
    if req.mode == "http":
        if not once.first((*req.headers["x-slack-signature"], *req.headers["x-slack-request-timestamp"])):
            return BoltResponse(status=401, body={"error": "invalid request"})
        if req.body.get("ssl_check") == "1":
            return BoltResponse(status=200, body="")
    return next_()


def _listen(app: App, conversation: Conversation) -> None:
    @app.command(_EVERY)
    def command(ack: Ack, body: Body) -> None:
        ack(conversation.command(body) or "")

    @app.action(_EVERY)
    def action(ack: Ack, body: Body) -> None:
        ack()
        conversation.action(body)

    @app.event("app_mention")
    def mention(ack: Ack, body: Body) -> None:
        ack()
        conversation.mention(body)

    @app.event(_EVERY)
    def other(ack: Ack) -> None:
        ack()
