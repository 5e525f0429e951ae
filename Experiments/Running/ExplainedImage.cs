using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>One image of the test set with what the network said and what the method found.</summary>
/// <param name="Index">In the test set.</param>
/// <param name="Pixels">[C, H, W] in [0, 1].</param>
/// <param name="Logit">Of its class, uncovered.</param>
/// <param name="Probability">Of its class, uncovered.</param>
public sealed record ExplainedImage(int Index, string Group, int Label, float[] Pixels, double Logit, double Probability, OcclusionMaps Maps)
{
    public Map Map(ClassScore score) => Maps[score];
}
