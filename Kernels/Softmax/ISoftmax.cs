namespace IlgpuXai.Kernels;

/// <summary>Rows of class scores: x [Rows, Classes].</summary>
public readonly record struct SoftmaxShape(int Rows, int Classes)
{
    internal int Count { get; } = Expect.Elements("softmax: x", Rows, Classes);

    internal void CheckOdds(View x, IntView labels, View scores)
    {
        Expect.Length(x, Count, "odds: x");
        Expect.Length(labels, Rows, "odds: labels");
        Expect.Length(scores, 2L * Rows, "odds: scores");
    }
}

/// <summary>From class scores to probabilities and losses, and their gradients.</summary>
public interface ISoftmax
{
    /// <summary>y[r, c] ← exp(x[r,c] − max) / Σ exp(x[r,·] − max). y may be x.</summary>
    /// <remarks>A NaN or +∞ in a row makes the whole row NaN, as in PyTorch; −∞ is a probability of 0.</remarks>
    void Forward(View x, View y, SoftmaxShape s);

    /// <summary>dx = y·(dy − Σ dy·y) per row, given y = softmax(x). dx may be dy.</summary>
    void Backward(View y, View dy, View dx, SoftmaxShape s);

    /// <summary>y[r, c] ← x[r,c] − max − log Σ exp(x[r,·] − max). y may be x.</summary>
    void LogForward(View x, View y, SoftmaxShape s);

    /// <summary>dx = dy − exp(y)·Σ dy per row, given y = log softmax(x). dx may be dy.</summary>
    void LogBackward(View y, View dy, View dx, SoftmaxShape s);

    /// <summary>scores[r] ← (x[r,t], Σ over c ≠ t of exp(x[r,c] − x[r,t])), t = labels[r]: the logit of a class and the odds against it. scores [Rows, 2].</summary>
    /// <remarks>The class has the probability 1/(1 + odds); near 1 the odds keep the digits that 1 − p has. ∞ beyond float32. A label outside 0 … Classes−1 gives NaN twice.</remarks>
    void Odds(View x, IntView labels, View scores, SoftmaxShape s);

    /// <summary>loss[0] ← Σ v[t]·(−log softmax(x)[r, t]) / Σ v[t], t = labels[r], v = class weights (all 1 if the view is empty): PyTorch's mean.</summary>
    /// <remarks>Keeps probabilities [Rows, Classes] for the gradient. A label outside 0 … Classes−1 makes the loss and every gradient NaN; so does an empty batch the loss.</remarks>
    void CrossEntropyForward(View x, IntView labels, View classWeights, View loss, View probabilities, SoftmaxShape s);

    /// <summary>dx[r, c] = dloss[0]·v[t]/Σv · (probabilities[r, c] − [c = t]).</summary>
    void CrossEntropyBackward(View probabilities, IntView labels, View classWeights, View dloss, View dx, SoftmaxShape s);

    /// <summary>loss[0] ← mean over all elements of (1 − t)·softplus(x) + p·t·softplus(−x), p = positiveWeight: PyTorch's BCEWithLogitsLoss.</summary>
    /// <remarks>For p = 1 that is max(x, 0) − x·t + log(1 + exp(−|x|)). NaN for no elements.</remarks>
    void BinaryCrossEntropyForward(View x, View targets, float positiveWeight, View loss);

    /// <summary>dx[i] = dloss[0]/count · ((1 − t)·σ(x) − p·t·(1 − σ(x))).</summary>
    void BinaryCrossEntropyBackward(View x, View targets, float positiveWeight, View dloss, View dx);
}
