import sys
print(sys.get_int_max_str_digits())
try:
    str(10**5000)
except ValueError as e:
    print(e)
try:
    int("1" * 5000)
except ValueError as e:
    print(e)
print(len(hex(10**5000)), int("f" * 5000, 16).bit_length())
sys.set_int_max_str_digits(0)
print(len(str(10**5000)), int("1" * 5000) % 9)
sys.set_int_max_str_digits(640)
try:
    sys.set_int_max_str_digits(10)
except ValueError as e:
    print(e)
try:
    print(int("9" * 641))
except ValueError as e:
    print(e)
