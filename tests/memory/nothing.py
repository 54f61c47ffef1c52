"""What a program that does nothing takes: the others are measured against it."""
import peak

peak.report()
