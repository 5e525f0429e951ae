namespace IlgpuXai.Stats;

/// <summary>What every test of two groups says.</summary>
/// <param name="Name">The test's name as a reader knows it, "Welch's t-test".</param>
/// <param name="Statistic">The test statistic; positive where a tends to be larger than b, except U, which is never negative.</param>
/// <param name="PValue">P(a statistic at least as extreme | no difference), in [0, 1]; NaN where the statistic is undefined.</param>
/// <param name="Alternative">The direction <paramref name="PValue"/> refers to.</param>
public abstract record TestResult(string Name, double Statistic, double PValue, Alternative Alternative);
