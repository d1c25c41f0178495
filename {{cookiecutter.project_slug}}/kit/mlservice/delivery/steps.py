"""The order of a delivery, and of the way back."""

from mlservice.delivery.platform import Platform, State
from mlservice.errors import UserError


def deliver(platform: Platform, image: str, note: str) -> str:
    """Start an image and check it; return its answer.

    If that fails, or is interrupted, start what ran before and raise UserError.
    """
    running = platform.state()
    print(f"{platform.name}: {running.image or 'nothing'} → {image}", flush=True)
    try:
        platform.release(image, running, note)
        print("it is ready; /readyz and one prediction:", flush=True)
        answer = platform.request_prediction(image)
        platform.confirm(note)
        return answer
    except UserError as error:
        raise _undone(platform, running, str(error)) from error
    except KeyboardInterrupt:
        raise _undone(platform, running, "it was interrupted") from None


def _undone(platform: Platform, running: State, reason: str) -> UserError:
    """Start what ran before; return in one sentence what came of it."""
    try:
        if not running.image:
            return UserError(f"not delivered: {reason}; nothing ran there before")
        print(f"not delivered, going back to {running.image}", flush=True)
        platform.restore(running)
        platform.request_prediction(running.image)
    except UserError as error:
        return UserError(
            f"not delivered: {reason}; and {running.image}, which ran before, does not "
            f"serve: {error}; `make rollback-image TO=…` starts an older one"
        )
    finally:
        platform.forget()
    return UserError(f"not delivered: {reason}; {running.image} serves again")


def roll_back(platform: Platform, image: str) -> str:
    """Start the image that ran before, or a given one, and check it."""
    running = platform.state()
    if not running.image:
        raise UserError(f"nothing runs in {platform.name}: there is no way back")
    target = platform.previous(running, image)
    print(f"{platform.name}: {running.image} → {target.image}", flush=True)
    platform.restore(target)
    return platform.request_prediction(target.image)
