# Lines of statements and expressions that stand on many of them.
import traced

traced.show("expressions")
