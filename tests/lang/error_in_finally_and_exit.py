class Resource:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        raise RuntimeError("closing failed")


def use():
    with Resource() as resource:
        resource.missing_method()


use()
