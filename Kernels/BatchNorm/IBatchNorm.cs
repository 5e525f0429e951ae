namespace IlgpuXai.Kernels;

/// <summary>x [N, C, HW]; parameters and statistics [C].</summary>
public readonly record struct BatchNormShape(int N, int C, int HW, float Eps)
{
    internal void CheckImages(View view, string what) => Expect.Length(view, (long)N * C * HW, $"batch norm: {what}");
    internal void CheckChannels(View view, string what) => Expect.Length(view, C, $"batch norm: {what}");
}

/// <summary>Batch normalisation per channel: y = (x − mean) / √(var + eps) · weight + bias. Ioffe and Szegedy 2015, arXiv:1502.03167.</summary>
public interface IBatchNorm
{
    /// <summary>Normalises by the batch's own mean and biased variance, which are kept in mean and invStd = 1/√(var + eps).</summary>
    /// <remarks>
    /// running ← (1 − momentum)·running + momentum·batch, with the unbiased variance (divided by N·HW − 1), as PyTorch.
    /// Needs N·HW ≥ 2.
    /// </remarks>
    void TrainingForward(View x, View weight, View bias, View runningMean, View runningVar, float momentum, View y, View mean, View invStd, BatchNormShape s);

    /// <summary>Normalises by the running statistics; results below <paramref name="least"/> become it, so that 0 is a ReLU in the same pass over memory. y may be x.</summary>
    void InferenceForward(View x, View weight, View bias, View runningMean, View runningVar, View y, BatchNormShape s, float least = float.NegativeInfinity);

    /// <summary>dx, dweight, dbias through the batch's own statistics, with x̂ = (x − mean)·invStd.</summary>
    /// <remarks>dbias = Σdy; dweight = Σdy·x̂; dx = weight·invStd·(dy − dbias/m − x̂·dweight/m), m = N·HW.</remarks>
    void TrainingBackward(View dy, View x, View weight, View mean, View invStd, View dx, View dweight, View dbias, BatchNormShape s);

    /// <summary>dx = dy·weight/√(runningVar + eps): the statistics are constants.</summary>
    void InferenceBackwardInput(View dy, View weight, View runningVar, View dx, BatchNormShape s);

    /// <summary>dweight = Σ dy·(x − runningMean)/√(runningVar + eps), dbias = Σ dy.</summary>
    void InferenceBackwardParameters(View dy, View x, View runningMean, View runningVar, View dweight, View dbias, BatchNormShape s);
}
