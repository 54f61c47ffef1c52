"""argparse and shlex: a tool's parser with subcommands built and used many times, help text, errors, configparser."""
import argparse
import configparser
import contextlib
import io
import shlex


def make_parser():
    parser = argparse.ArgumentParser(prog="tool", description="Do things with files.")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("--level", type=int, choices=range(5), default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    copy = commands.add_parser("copy", help="copy files")
    copy.add_argument("sources", nargs="+")
    copy.add_argument("target")
    copy.add_argument("--mode", default="fast", metavar="MODE")
    group = copy.add_mutually_exclusive_group()
    group.add_argument("--force", action="store_true")
    group.add_argument("--ask", action="store_true")
    show = commands.add_parser("show", aliases=["s"])
    show.add_argument("-n", "--lines", type=int, default=10)
    show.add_argument("name", nargs="?", default="all")
    return parser


def main():
    total = 0
    for _ in range(40):
        parser = make_parser()
    lines = ["-vv copy a b 'c d' --mode=slow", "--level 3 show -n5 log.txt", "show", "copy --force x y", "-v --level=2 s --lines 7"]
    for n in range(350):
        for line in lines:
            options = parser.parse_args(shlex.split(line))
            total += options.verbose + options.level + len(vars(options))
            total += len(options.sources) if options.command == "copy" else options.lines
    print(total)
    errors = 0
    for n in range(60):
        for line in ("copy onlyone", "--level 9 show", "copy --force --ask a b"):
            with contextlib.redirect_stderr(io.StringIO()) as err:
                try:
                    parser.parse_args(line.split())
                except SystemExit as e:
                    errors += e.code + ("error" in err.getvalue())
    print(errors, len(parser.format_help().split()) > 20)
    text = "\n".join(f"[part{n}]\npath = /srv/{n}\nfull: %(path)s/data\ncount = {n}\nflag = {'yes' if n % 2 else 'off'}\n" for n in range(250))
    config = configparser.ConfigParser()
    config.read_string(text)
    print(sum(config.getint(s, "count") + config.getboolean(s, "flag") + len(config[s]["full"]) for s in config.sections()))
    print(sum(len(shlex.join(shlex.split("run 'a b' \"c \\\" d\" --x=1"))) for _ in range(900)))


if __name__ == "__main__":
    main()
