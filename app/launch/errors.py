"""What ends a command early. Each is shown as one line: what happened, what is safe, what to do.

LaunchError            exit code 1
├── WrongSetting       exit code 2: a variable or option cannot be used; nothing was touched
└── StepFailed         a program that we called failed; its last lines are shown above the message
"""


class LaunchError(Exception):
    exit_code = 1


class WrongSetting(LaunchError):
    exit_code = 2

    def __init__(self, name: str, problem: str, *, example: str) -> None:
        super().__init__(f"{name} {problem}. Nothing was changed. Example: {example}")


class StepFailed(LaunchError):
    pass
