class ConfigError(Exception):
    pass


def parse(text):
    try:
        return int(text)
    except ValueError as e:
        raise ConfigError(f"cannot use {text!r}") from e


def main():
    values = [parse(t) for t in ("1", "two", "3")]
    print(values)


main()
