namespace IlgpuXai.Data;

/// <summary>
/// One axis of an antialiased resize: output i is Σ_t Values[i, t]·input[First[i] + t] over t &lt; Lengths[i]. The filter is stretched by the factor of reduction, its weights are
/// normalised in double and rounded to multiples of 2⁻²².
/// </summary>
sealed class ResizeWeights
{
    /// <summary>Pillow's precision: a weighted sum of bytes, twice the largest included, fits 32 bits.</summary>
    public const int FractionBits = 22;

    /// <summary>Weights per output, zeros at the end included: a multiple of 4.</summary>
    public int Stride { get; }
    public int[] First { get; }
    public int[] Lengths { get; }
    public int[] Values { get; }
    public int Count => First.Length;

    /// <summary>The input that is read: from <see cref="Begin"/> to before <see cref="End"/>.</summary>
    public int Begin { get; }
    public int End { get; }

    /// <param name="from">Pixels of the input.</param>
    /// <param name="to">Pixels of the whole output.</param>
    /// <param name="start">First output that is wanted.</param>
    /// <param name="count">How many outputs are wanted.</param>
    public ResizeWeights(int from, int to, ResizeFilter filter, int start, int count)
    {
        double scale = (double)from / to, stretch = Math.Max(scale, 1), support = FilterWeights.Support(filter) * stretch, step = 1 / stretch;
        Stride = ((int)Math.Ceiling(support) * 2 + 1 + 3) & ~3;
        (First, Lengths, Values) = (new int[count], new int[count], new int[count * Stride]);
        var weights = new double[Stride];
        (Begin, End) = (from, 0);
        for (int i = 0; i < count; i++)
        {
            double centre = (start + i + 0.5) * scale, sum = 0;
            int first = Math.Max(0, (int)(centre - support + 0.5)), length = Math.Min(from, (int)(centre + support + 0.5)) - first;
            for (int t = 0; t < length; t++) sum += weights[t] = FilterWeights.At(filter, (t + first - centre + 0.5) * step);
            for (int t = 0; t < length; t++) Values[i * Stride + t] = Fixed(sum != 0 ? weights[t] / sum : weights[t]);
            (First[i], Lengths[i]) = (first, length);
            (Begin, End) = (Math.Min(Begin, first), Math.Max(End, first + length));
        }
    }

    static int Fixed(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));
}
