import math

counter = 1


def scope():
    lenght = 5
    try:
        print(length)
    except NameError as e:
        print(e, e.name)
    print(conter)


scope()
