# Events and lines of trace functions and line monitors, for all kinds of statements.
import traced

traced.show("statements")
