"""input() says which of its streams is missing; print() does without one."""
import io
import sys

for name in ("stdin", "stdout", "stderr"):
    kept = getattr(sys, name)
    setattr(sys, name, None)
    try:
        input()
    except RuntimeError as e:
        message = e
    setattr(sys, name, kept)
    print(message)
sys.stdout, kept = None, sys.stdout
print("nowhere")
sys.stdout = kept
sys.stdin = io.StringIO("one\ntwo")
print([input(), input()])
