"""What tools read from co_code by f_lasti and from instructions by the numbers of opmap."""
import dis
import opcode
import sys

seen = []


def trace(frame, event, arg):
    if event == "return":
        code = frame.f_code
        seen.append((code.co_name, code.co_code[frame.f_lasti] == opcode.opmap["RETURN_VALUE"]))
    return trace


def returns(n):
    while True:
        if n < 0:
            return n
        n -= 1


def uses(x):
    print
    return len(x) + sys.maxsize, missing(x)


def defines():
    global made
    made = 1


sys.settrace(trace)
returns(3)
sys.settrace(None)
print(seen)
for name in "RESUME", "RETURN_VALUE", "JUMP_FORWARD", "JUMP_BACKWARD", "EXTENDED_ARG", "CACHE", "LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL":
    if opcode.opname[opcode.opmap[name]] != name and name != "RETURN_VALUE":
        print("opname of", name)
print(opcode.EXTENDED_ARG == opcode.opmap["EXTENDED_ARG"], len(opcode.opname) >= 256, opcode.opmap["JUMP_BACKWARD"] in dis.hasjrel)
end = max(end for start, end, line in returns.__code__.co_lines())
units = returns.__code__.co_code[:end]
print(opcode.opmap["JUMP_BACKWARD"] in units[::2], opcode.opmap["RETURN_VALUE"] in units[::2])
globals_ = opcode.opmap["LOAD_GLOBAL"], opcode.opmap["STORE_GLOBAL"]
for f in uses, defines:
    print(sorted({i.argval for i in dis.get_instructions(f) if i.opcode in globals_}))
code = uses.__code__
print(code.co_code[end_of] not in (opcode.opmap["RESUME"], opcode.opmap["RETURN_VALUE"])
      if (end_of := max(end for start, end, line in code.co_lines())) < len(code.co_code) else True)
