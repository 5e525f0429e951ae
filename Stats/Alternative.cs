namespace IlgpuXai.Stats;

/// <summary>The direction a test looks in. <c>a</c> is the first group, <c>b</c> the second.</summary>
public enum Alternative
{
    /// <summary>a and b differ.</summary>
    TwoSided,

    /// <summary>a is smaller than b.</summary>
    Less,

    /// <summary>a is larger than b.</summary>
    Greater,
}
