def compile_program(text):
    text = [ch for ch in text if ch in "+-<>[].,"]
    jumps, stack = {}, []
    for i, ch in enumerate(text):
        if ch == "[":
            stack.append(i)
        elif ch == "]":
            if not stack:
                raise SyntaxError(f"unmatched ] at {i}")
            start = stack.pop()
            jumps[start], jumps[i] = i, start
    if stack:
        raise SyntaxError(f"unmatched [ at {stack[-1]}")
    return text, jumps


def run(program, data=""):
    text, jumps = compile_program(program)
    tape, at, pc, out, data = bytearray(100), 0, 0, [], iter(data)
    while pc < len(text):
        match text[pc]:
            case ">": at += 1
            case "<": at -= 1
            case "+": tape[at] = tape[at] + 1 & 255
            case "-": tape[at] = tape[at] - 1 & 255
            case ".": out.append(chr(tape[at]))
            case ",": tape[at] = ord(next(data, "\0"))
            case "[" if not tape[at]: pc = jumps[pc]
            case "]" if tape[at]: pc = jumps[pc]
        pc += 1
    return "".join(out)


HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
print(run(HELLO), run(",[.,]", "echo"), run(">,[>,]<[.<]", "reversed"))
for bad in ("[", "]", "[[]"):
    try:
        run(bad)
    except SyntaxError as e:
        print(e)
