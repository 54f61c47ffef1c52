/* The methods that bytes and bytearray share: one function each, for the tables in bytes.c and bytearray.c.
 *
 * The receiver is either; a result is of the receiver's built-in type. A bytearray is viewed after all arguments
 * were converted, since conversion may run Python code; its storage cell stays valid whatever other threads do.
 */
#pragma once
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/str/text_ops.h"

Chars bytes_view(Value self);                                  /* of a bytes or bytearray */
/* `self`, or where other threads may change a bytearray a copy that nobody else knows: for whatever reads more than its length. */
Value bytes_at_once(Thread *t, Value self);
Value bytes_like_new(Thread *t, Value self, const char *data, size_t length); /* of self's built-in type */

/* A bytes-like argument, or with `byte_allowed` an int: held until piece_release. */
typedef struct Piece {
    Chars chars;
    Buffer buffer;
    uint8_t byte;
    bool held;
} Piece;
[[nodiscard]] bool piece_get(Thread *t, Value v, Piece *out);
/* The right operand of `to + v`; TypeError if it has no run of bytes. */
[[nodiscard]] bool piece_to_concatenate(Thread *t, Value to, Value v, Piece *out);
[[nodiscard]] bool piece_get_sub(Thread *t, Value v, Piece *out); /* int or bytes-like, as find() takes */
void piece_release(Thread *t, Piece *p);

/* An int argument in range(0, 256); "byte must be in range(0, 256)". */
[[nodiscard]] bool byte_argument(Thread *t, Value v, uint8_t *out);
Value bytes_repr_of(Thread *t, Chars c, const char *prefix, const char *suffix, bool smart_quotes);
Value bytes_hex(Thread *t, Chars c, Value separator, Value bytes_per_sep);
Value bytes_format_percent(Thread *t, Value self, Value args); /* percent_bytes.c */

#define BYTES_METHODS(M)                                                                                         \
    M(capitalize, "(self, /)", "First byte in upper case, the rest in lower case.")                              \
    M(center, "(self, width, fillchar=b' ', /)", "Padded on both sides.")                                        \
    M(count, "(self, sub[, start[, end]], /)", "Number of non-overlapping occurrences.")                         \
    M(decode, "(self, /, encoding='utf-8', errors='strict')", "Decode to str.")                                  \
    M(endswith, "(self, suffix[, start[, end]], /)", "Whether it ends with suffix.")                             \
    M(expandtabs, "(self, /, tabsize=8)", "Tabs replaced by blanks.")                                            \
    M(find, "(self, sub[, start[, end]], /)", "Lowest index of sub, or -1.")                                     \
    M(hex, "(self, /, sep=<unrepresentable>, bytes_per_sep=1)",                                                  \
      "Hexadecimal digits as a str, with `sep` between groups of `bytes_per_sep` bytes, counted from the end,\n" \
      "or from the start where the number is negative.\n\n"                                                      \
      ">>> data = bytes([10, 27, 44])\n>>> data.hex()\n'0a1b2c'\n>>> data.hex('-')\n'0a-1b-2c'\n"                \
      ">>> data.hex('-', 2)\n'0a-1b2c'\n>>> data.hex('-', -2)\n'0a1b-2c'")                                       \
    M(index, "(self, sub[, start[, end]], /)", "Lowest index of sub, or ValueError.")                            \
    M(isalnum, "(self, /)", "Whether it is all ASCII letters or digits, at least one.")                          \
    M(isalpha, "(self, /)", "Whether it is all ASCII letters, at least one.")                                    \
    M(isascii, "(self, /)", "Whether all bytes are ASCII.")                                                      \
    M(isdigit, "(self, /)", "Whether it is all ASCII digits, at least one.")                                     \
    M(islower, "(self, /)", "Whether it has ASCII letters, all in lower case.")                                  \
    M(isspace, "(self, /)", "Whether it is all ASCII blanks, at least one.")                                     \
    M(istitle, "(self, /)", "Whether each word is in title case.")                                               \
    M(isupper, "(self, /)", "Whether it has ASCII letters, all in upper case.")                                  \
    M(join, "(self, iterable_of_bytes, /)", "Concatenate with self between the items.")                          \
    M(ljust, "(self, width, fillchar=b' ', /)", "Padded on the right.")                                          \
    M(lower, "(self, /)", "ASCII letters in lower case.")                                                        \
    M(lstrip, "(self, bytes=None, /)", "Blanks, or the given bytes, removed from the start.")                    \
    M(partition, "(self, sep, /)", "Cut at the first separator: a tuple of three.")                              \
    M(removeprefix, "(self, prefix, /)", "Without the prefix, if it is there.")                                  \
    M(removesuffix, "(self, suffix, /)", "Without the suffix, if it is there.")                                  \
    M(replace, "(self, old, new, count=-1, /)", "Copy with occurrences of old replaced by new.")                 \
    M(rfind, "(self, sub[, start[, end]], /)", "Highest index of sub, or -1.")                                   \
    M(rindex, "(self, sub[, start[, end]], /)", "Highest index of sub, or ValueError.")                          \
    M(rjust, "(self, width, fillchar=b' ', /)", "Padded on the left.")                                           \
    M(rpartition, "(self, sep, /)", "Cut at the last separator: a tuple of three.")                              \
    M(rsplit, "(self, /, sep=None, maxsplit=-1)", "Like split, counting from the end.")                          \
    M(rstrip, "(self, bytes=None, /)", "Blanks, or the given bytes, removed from the end.")                      \
    M(split, "(self, /, sep=None, maxsplit=-1)", "List of the fields between separators.")                       \
    M(splitlines, "(self, /, keepends=False)", "List of lines.")                                                 \
    M(startswith, "(self, prefix[, start[, end]], /)", "Whether it starts with prefix.")                         \
    M(strip, "(self, bytes=None, /)", "Blanks, or the given bytes, removed from both ends.")                     \
    M(swapcase, "(self, /)", "Upper and lower case exchanged.")                                                  \
    M(title, "(self, /)", "Each word in title case.")                                                            \
    M(translate, "(self, table, /, delete=b'')", "Bytes mapped through a table of 256.")                         \
    M(upper, "(self, /)", "ASCII letters in upper case.")                                                        \
    M(zfill, "(self, width, /)", "Padded with zeros behind the sign.")

#define M(name, signature, doc) Value bytes_method_##name(Thread *t, Value *args);
BYTES_METHODS(M)
#undef M
Value bytes_method_maketrans(Thread *t, Value *args);
Value bytes_method_fromhex(Thread *t, Value *args);

/* Operators that both share. */
Value bytes_dunder_str(Thread *t, Value *args); /* BytesWarning, if asked for */
Value bytes_operator_eq(Thread *t, Value *args);
Value bytes_operator_ne(Thread *t, Value *args);
Value bytes_operator_lt(Thread *t, Value *args);
Value bytes_operator_le(Thread *t, Value *args);
Value bytes_operator_gt(Thread *t, Value *args);
Value bytes_operator_ge(Thread *t, Value *args);
Value bytes_operator_contains(Thread *t, Value *args);
Value bytes_operator_mod(Thread *t, Value *args);
Value bytes_operator_rmod(Thread *t, Value *args);
Value bytes_operator_mul(Thread *t, Value *args);
