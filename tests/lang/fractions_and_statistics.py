from fractions import Fraction as F
import statistics as st, numbers, math
print(F(6, -4), F("3/8"), F("1.25"), F(0.5), F(1, 3) + F(1, 6), F(1, 2) * 4, F(3, 4) / F(3, 8), F(7, 2) // 1,
    F(7, 2) % 1, F(2, 3) ** 2, F(4, 9) ** 0.5, F(2, 3) ** -2, F(1, 2) < 0.75, F(1, 2) == 0.5,
    hash(F(2, 1)) == hash(2), round(F(7, 3), 1), math.floor(F(-7, 2)), F(22, 7).limit_denominator(3),
    F(3, 7).numerator, F("1e-3"), repr(F(1, 3)), f"{F(1, 3):.3f}", F(0.1).limit_denominator(100),
    float(F(1, 8)), F(5).is_integer(), isinstance(F(1), numbers.Rational))
for code in ("F(1, 0)", "F('a')", "F(1) / 0", "F(1.5, 2)"):
    try:
        print(eval(code))
    except Exception as e:
        print(type(e).__name__, e)
data = [2, 4, 4, 4, 5, 5, 7, 9]
print(st.mean(data), st.median(data), st.mode(data), st.pstdev(data), st.stdev(data), st.variance(data),
    st.quantiles(data, n=4), st.multimode("aabb"), st.harmonic_mean([40, 60]),
    round(st.geometric_mean([54, 24, 36]), 6), st.fmean([1, 2, 4]), st.median_low([1, 3, 5, 7]),
    st.mean([F(1, 2), F(1, 3)]), st.correlation([1, 2, 3], [2, 4, 7]),
    st.linear_regression([1, 2, 3], [2, 4, 6]), st.NormalDist(100, 15).cdf(115))
try:
    st.mean([])
except st.StatisticsError as e:
    print(e)
