namespace IlgpuXai.Stats;

/// <summary>Γ(a + ½) / Γ(a), which the t distribution and Hedges' correction need.</summary>
static class GammaRatio
{
    /// <summary>
    /// The ratio for a &gt; 0, about 15 digits at any size. Differences of log-gammas would lose as many digits as a has.
    /// </summary>
    /// <remarks>Asymptotic series in 1/a (Tricomi and Erdélyi 1951), reached from small a by Γ(a + 1) = a·Γ(a).</remarks>
    public static double Half(double a)
    {
        double shift = 1;
        for (; a < 30; a++) shift *= a / (a + 0.5);
        double u = 1 / a;
        double series = 1 + u * (-1.0 / 8 + u * (1.0 / 128 + u * (5.0 / 1024 + u * (-21.0 / 32768 + u * (-399.0 / 262144
                          + u * (869.0 / 4194304 + u * (39325.0 / 33554432)))))));
        return shift * Math.Sqrt(a) * series;
    }
}
