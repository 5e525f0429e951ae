namespace IlgpuXai.Engine;

/// <summary>Gradients of one reverse pass, apart from the tensors: nothing to reset, nothing leaks from pass to pass.</summary>
public sealed class Gradients : IDisposable
{
    readonly Dictionary<Tensor, Tensor> _of;

    Gradients(Dictionary<Tensor, Tensor> of) => _of = of;

    /// <summary>The gradient at a tensor that was asked for, in its shape.</summary>
    public Tensor this[Tensor x] => _of.TryGetValue(x, out var g) ? g
        : throw new KeyNotFoundException($"gradient: {x} was not among the tensors asked for");

    public Tensor this[Parameter p] => this[p.Leaf];

    /// <summary>∂⟨seed, y⟩/∂x for each x of <paramref name="wrt"/>: parameters, inputs, or any result on the way to y.</summary>
    /// <remarks>
    /// Computes what lies between y and the tensors asked for, and nothing else; gradients of other results are freed as
    /// soon as they have been passed on. The recorded computation stays, so another seed may follow.
    /// </remarks>
    /// <param name="seed">The gradient at y, in its shape.</param>
    /// <exception cref="ShapeException">The seed has another shape than y.</exception>
    /// <exception cref="InvalidOperationException">y does not depend on one of the tensors, or it was not recorded: <see cref="Tensor.Leaf"/>.</exception>
    public static Gradients Of(Tensor y, Tensor seed, params ReadOnlySpan<Tensor> wrt)
    {
        if (y.Shape != seed.Shape) throw new ShapeException($"gradient: seed {seed.Shape} must have the shape of the result {y.Shape}");
        if (wrt.IsEmpty) throw new ArgumentException("gradient: with respect to what?", nameof(wrt));
        using var scope = y.Device.Scope();
        var asked = new HashSet<Tensor>(wrt.ToArray());
        var order = Between(y, asked);
        var between = new HashSet<Tensor>(order);
        foreach (var x in asked)
            if (!between.Contains(x)) throw new InvalidOperationException($"gradient: {y} does not depend on {x}, or that was not marked as a leaf before the computation");

        var gradients = new Dictionary<Tensor, Tensor> { [y] = seed.Detach() };
        for (int i = order.Count - 1; i >= 0; i--)
        {
            var (t, dy) = (order[i], gradients[order[i]]);
            PassOn(t, dy, between, gradients);
            if (!asked.Contains(t) && gradients.Remove(t)) dy.Dispose();
        }
        foreach (var g in gradients.Values) scope.Keep(g);
        return new(gradients);
    }

    /// <summary>∂loss/∂x for a loss of one element.</summary>
    public static Gradients OfLoss(Tensor loss, params ReadOnlySpan<Tensor> wrt)
    {
        if (loss.Shape.Elements != 1) throw new ShapeException($"gradient: a result of shape {loss.Shape} needs a seed");
        using var one = loss.Device.Full(loss.Shape, 1);
        return Of(loss, one, wrt);
    }

    public static Gradients OfLoss(Tensor loss, IEnumerable<Parameter> wrt) => OfLoss(loss, [.. wrt.Select(p => p.Leaf)]);

    public void Dispose()
    {
        foreach (var g in _of.Values) g.Dispose();
    }

    static void PassOn(Tensor t, Tensor dy, HashSet<Tensor> between, Dictionary<Tensor, Tensor> gradients)
    {
        using var scope = t.Device.Scope();
        foreach (var (input, vjp) in t.Edges)
        {
            if (!between.Contains(input)) continue;
            var part = vjp(dy).Detach();                // a product may hand back the gradient it was given
            gradients[input] = scope.Keep(gradients.TryGetValue(input, out var sum) ? Sum(sum, part) : part);
        }
    }

    static Tensor Sum(Tensor a, Tensor b)
    {
        var sum = a + b;
        a.Dispose();
        return sum;
    }

    /// <summary>The tensors that lie on a path from y to one asked for, inputs before results.</summary>
    static List<Tensor> Between(Tensor y, HashSet<Tensor> asked)
    {
        var leads = new Dictionary<Tensor, bool>();
        var order = new List<Tensor>();
        var stack = new Stack<(Tensor T, bool InputsDone)>([(y, false)]);
        while (stack.TryPop(out var top))
        {
            var (t, inputsDone) = top;
            if (inputsDone)
            {
                bool between = asked.Contains(t);
                foreach (var edge in t.Edges) between |= leads[edge.Input];
                if (leads[t] = between) order.Add(t);
            }
            else if (leads.TryAdd(t, false))
            {
                stack.Push((t, true));
                foreach (var edge in t.Edges) stack.Push((edge.Input, false));
            }
        }
        return order;
    }
}
