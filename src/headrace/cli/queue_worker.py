"""What `headrace worker` does: makes the application, opens the queue, lets a reader run to its end."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from headrace.cli import exit_codes, project
from headrace.cli.failure import report
from headrace.cli.queue_address import file_of
from headrace.cli.terminal import Paint, clip, one_line
from headrace.cli.words import count, duration
from headrace.errors import HeadraceError
from headrace.queue.open import open_queue
from headrace.queue.port import Done, Leased, QueueUnavailable, WorkQueue
from headrace.worker.application import ApplicationError
from headrace.worker.options import Counters, ReaderOptions, check_options
from headrace.worker.reader import Reader
from headrace.worker.replies import REPLY_OPTIONS, Replies

if TYPE_CHECKING:
    from headrace.worker.application import AnyApplication, Outcome

TEXT_COLUMNS = 60  # of an item, in its line


class Request(msgspec.Struct, kw_only=True):
    """The command's options."""

    address: str
    name: str
    call: str | None = None
    http: str | None = None
    http_batch: bool = False
    command: str | None = None
    item: str = "stdin"
    shell: bool = False
    final_exit_codes: str = ""
    payload: str = "auto"
    inline: bool = False
    concurrency: int = 1
    lease_seconds: float = 30.0
    batch: int = 100
    retries: int | None = None
    timeout_seconds: float | None = None
    drain: bool = False
    grace_seconds: float = 20.0
    output_bytes_max: int = 1024 * 1024
    ready: str | None = None
    ready_timeout_seconds: float = 60.0
    stop_url: str | None = None
    stop_app: str | None = None
    worker_id: str | None = None
    verbose: bool = False

    def reader_options(self, worker_id: str) -> ReaderOptions:
        """Return the reader's part of the options. Raises `HeadraceError` for those that make no sense."""
        options = ReaderOptions(
            concurrency=self.concurrency,
            lease_seconds=self.lease_seconds,
            batch=self.batch,
            retries=self.retries,
            drain=self.drain,
            timeout_seconds=self.timeout_seconds,
            grace_seconds=self.grace_seconds,
            worker_id=worker_id,
        )
        check_options(options)
        return options


def run_worker(request: Request) -> None:
    """Run the worker and exit with its code."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    worker_id = request.worker_id or f"{socket.gethostname()}-{os.getpid()}"
    options = request.reader_options(worker_id)
    check_application(request)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            code = runner.run(_work(request, options))
    except QueueUnavailable as error:
        report(error)
        code = exit_codes.STORE
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: a callable that blocks its thread must not keep the process from ending.
    os._exit(code)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def check_application(request: Request) -> None:
    """Raise `HeadraceError` unless exactly one application is named, with options that go with it."""
    named = [
        option
        for option, value in (
            ("--call", request.call),
            ("--http", request.http),
            ("--command", request.command),
        )
        if value is not None
    ]
    if len(named) != 1:
        which = "none" if not named else " and ".join(named)
        raise HeadraceError(
            f"a worker has one application; give one of --call, --http and --command, not {which}"
        )
    from headrace.worker.callable_application import PayloadForm

    for option, value, forms in (
        ("--item", request.item, ("stdin", "arg", "file")),
        ("--payload", request.payload, get_args(PayloadForm)),
    ):
        if value not in forms:
            raise HeadraceError(f"{option} {value!r}: there are {', '.join(forms)}")
    if request.http_batch and request.http is None:
        raise HeadraceError("--http-batch goes with --http")


def application_of(request: Request, worker_id: str) -> AnyApplication:
    """Return the application that the options name. Raises `ApplicationError`."""
    if request.call is not None:
        from headrace.worker.callable_application import callable_application, load_callable

        return callable_application(
            load_callable(request.call),
            queue=request.name,
            payload=request.payload,  # type: ignore[arg-type]  # checked by check_application
            inline=request.inline,
        )
    if request.http is not None:
        from headrace.worker.http_application import HttpApplication, HttpEndpoint

        endpoint = HttpEndpoint(
            request.http,
            connections_max=request.concurrency,
            answer_bytes_max=request.output_bytes_max,
            connect_seconds=request.ready_timeout_seconds,
        )
        if not request.http_batch:
            return HttpApplication(endpoint, queue=request.name)
        from headrace.worker.http_batch import HttpBatchApplication

        return HttpBatchApplication(endpoint, queue=request.name, batch_max=request.batch)
    from headrace.worker.command_application import CommandApplication, exit_codes_of

    assert request.command is not None
    return CommandApplication(
        request.command,
        queue=request.name,
        item=request.item,  # type: ignore[arg-type]  # checked by check_application
        shell=request.shell,
        final_codes=exit_codes_of(request.final_exit_codes) if request.final_exit_codes else (),
        output_bytes_max=request.output_bytes_max,
        worker_id=worker_id,
    )


async def _work(request: Request, options: ReaderOptions) -> int:
    application = application_of(request, options.worker_id)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stopping.is_set():
            os._exit(exit_codes.UNFINISHED)  # leases end by themselves
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    opening = asyncio.ensure_future(_begin(request))
    stopped = asyncio.ensure_future(stopping.wait())
    await asyncio.wait((opening, stopped), return_when=asyncio.FIRST_COMPLETED)
    if not opening.done():
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        return exit_codes.UNFINISHED if request.drain else exit_codes.COMPLETED
    queue = opening.result()
    started = time.monotonic()
    replies = Replies(lambda name: open_queue(request.address, name, options=REPLY_OPTIONS))
    try:
        reader = Reader(
            queue,
            application,
            options,
            on_item=_line_of if request.verbose else None,
            on_settled=replies.settled,
        )
        stopped.add_done_callback(lambda future: None if future.cancelled() else _stop(reader, options))
        counters = await reader.run()
        interrupted = reader.interrupted
    finally:
        stopped.cancel()
        await replies.aclose()
        await queue.aclose()
    _summary(options, counters, time.monotonic() - started)
    if not interrupted:
        await _stop_application(request)
    if request.drain and interrupted:
        return exit_codes.UNFINISHED
    return exit_codes.COMPLETED


def _stop(reader: Reader, options: ReaderOptions) -> None:
    print(
        f"{options.worker_id} stops: finishing what it works on, {duration(options.grace_seconds)} at most",
        file=sys.stderr,
        flush=True,
    )
    reader.stop()


async def _begin(request: Request) -> WorkQueue:
    """Wait for application and queue to be there, and return the queue."""
    file = file_of(request.address)
    if file is not None:
        project.folders_to_make(file)
    if request.ready is not None:
        from headrace.worker.http_application import wait_until_ready

        await wait_until_ready(request.ready, request.ready_timeout_seconds)
    give_up_at, pause = time.monotonic() + request.ready_timeout_seconds, 0.1
    while True:
        try:
            return await open_queue(request.address, request.name)
        except QueueUnavailable as error:
            if time.monotonic() + pause > give_up_at:
                raise
            if pause == 0.1:
                print(f"the queue is not there yet, trying again: {error}", file=sys.stderr, flush=True)
        await asyncio.sleep(pause * random.uniform(0.7, 1.3))
        pause = min(pause * 2, 2.0)


async def _stop_application(request: Request) -> None:
    from headrace.worker.stop import ask_to_stop, terminate_named

    problem = None
    if request.stop_url is not None:
        problem = await ask_to_stop(request.stop_url)
    if problem is None and request.stop_app is not None:
        problem = terminate_named(request.stop_app)
    if problem is not None:
        print(f"the application was not stopped: {problem}", file=sys.stderr)


def _line_of(item: Leased, outcome: Outcome, seconds: float) -> None:
    paint = Paint.of(sys.stderr)
    done = isinstance(outcome, Done)
    mark = paint("✔", "green") if done else paint("✘", "red")
    text = clip(one_line(item.payload[:200].decode("utf-8", "replace")), TEXT_COLUMNS)
    words = [mark, item.id, text, duration(seconds)]
    if item.attempt > 1:
        words.append(f"attempt {item.attempt}")
    if not isinstance(outcome, Done):
        words += ["set aside:" if outcome.final else "again later:", one_line(outcome.error)]
    print(*words, file=sys.stderr)


def _summary(options: ReaderOptions, counters: Counters, seconds: float) -> None:
    words = [f"{counters.completed:,} completed", f"{counters.failed:,} failed"]
    for name, number in (
        ("released", counters.released),
        ("late results refused", counters.late_results),
        ("leases lost", counters.leases_lost),
        ("outcomes not sent", counters.unsent),
    ):
        if number:
            words.append(f"{number:,} {name}")
    per_second = f"{counters.completed / seconds:,.0f}/s" if seconds > 0 else ""
    taken = f"{count(counters.leased, 'item')} in {duration(seconds)}, {per_second}"
    print(f"{options.worker_id}: {', '.join(words)} of {taken}", file=sys.stderr)


def print_manifests(
    request: Request, *, image: str, app_image: str | None, parallelism: int, namespace: str | None
) -> None:
    """Write the YAML of a Job with these options, and of the Redis that it reads, on stdout."""
    import yaml

    from headrace.worker.manifest import JobRequest, manifests

    request.reader_options("")
    check_application(request)
    if app_image is not None and request.http is None:
        raise ApplicationError(
            "--app-image is the application behind --http; give --http http://127.0.0.1:PORT/"
        )
    job = JobRequest(
        queue_url=request.address,
        queue_name=request.name,
        image=image,
        app_image=app_image,
        parallelism=parallelism,
        namespace=namespace,
        http=request.http,
        ready=request.ready,
        grace_seconds=request.grace_seconds,
        arguments=worker_arguments(request),
    )
    sys.stdout.write(yaml.safe_dump_all(manifests(job), sort_keys=False, width=100, explicit_start=True))


def worker_arguments(request: Request) -> list[str]:
    """Return the arguments that make a worker of this request: what differs from the defaults."""
    fields = {
        "call": "--call",
        "http": "--http",
        "http_batch": "--http-batch",
        "command": "--command",
        "item": "--item",
        "shell": "--shell",
        "final_exit_codes": "--final-exit-codes",
        "payload": "--payload",
        "inline": "--inline",
        "concurrency": "--concurrency",
        "lease_seconds": "--lease",
        "batch": "--batch",
        "retries": "--retries",
        "timeout_seconds": "--timeout",
        "grace_seconds": "--grace",
        "output_bytes_max": "--output-limit",
        "ready": "--ready",
        "ready_timeout_seconds": "--ready-timeout",
        "stop_url": "--stop-url",
        "stop_app": "--stop-app",
        "verbose": "--verbose",
    }
    defaults = Request(address="", name="")
    arguments = []
    for field, option in fields.items():
        value = getattr(request, field)
        if value is True:
            arguments.append(option)
        elif value != getattr(defaults, field):
            arguments.append(f"{option}={value:g}" if isinstance(value, float) else f"{option}={value}")
    return arguments
