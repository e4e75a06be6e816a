"""Ties processes to the life of the host, also when the host is killed with SIGKILL. Run as a script:

* `leash.py exec HOST_PID COMMAND...` becomes COMMAND, which the kernel kills when the host's process dies
  (Linux; elsewhere only the guard below does it).
* `leash.py guard` reads `+PGID` and `-PGID` lines from stdin. At its end, which is the death of the host,
  it kills the process groups that are still held: so the children of a function's process go too
  (`go run`, `npm start`).

Only the standard library, and little of it: this starts before every function.
"""

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def become(host_pid: int, command: list[str]) -> None:
    """Replace this process by `command`, to be killed with its parent."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != host_pid:  # it died before the line above could take effect
            sys.exit(1)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


def guard() -> None:
    """Kill the groups that are held when stdin ends."""
    held: set[int] = set()
    for line in sys.stdin:
        (held.add if line[0] == "+" else held.discard)(int(line[1:]))
    for group in held:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue


if __name__ == "__main__":
    if sys.argv[1] == "exec":
        become(int(sys.argv[2]), sys.argv[3:])
    else:
        guard()
