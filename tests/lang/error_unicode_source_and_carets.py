größe = "wide 漢字"
ergebnis = "漢字漢字" + größe.encode("ascii").decode() + "é"
print(ergebnis)
