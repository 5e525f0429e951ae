using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>A network on the straight line from one image to another: features at places of it, and the weighted mean of gradients at the images.</summary>
/// <remarks>The first step is linear up to its ReLU: its results anywhere on the line follow from those of both ends, and one backward pass of it serves the sum of all gradients.</remarks>
public sealed class LinePlan : IDisposable
{
    readonly ImageReader _reader;
    readonly Graph _graph;
    readonly Device _device;
    readonly IBlockedKernels _kernels;
    readonly Lifetimes _places;
    readonly Action<Node, Func<Node, BlockedMaps>> _run;
    readonly DeviceBuffer<float> _ends;
    readonly BlockedMaps _from, _to, _sum;

    internal LinePlan(ImageReader reader, Graph graph, Device device, IBlockedKernels kernels, Lifetimes places, Action<Node, Func<Node, BlockedMaps>> run, Tensor from, Tensor to)
    {
        (_reader, _graph, _device, _kernels, _places, _run) = (reader, graph, device, kernels, places, run);
        _ends = device.Allocate<float>(3 * reader.Floats);
        (_from, _to, _sum) = (End(0), End(1), End(2));
        try
        {
            reader.Read(kernels, from.View, graph.Image.H, graph.Image.W, _from, padded: false, rectified: false);
            reader.Read(kernels, to.View, graph.Image.H, graph.Image.W, _to, padded: false, rectified: false);
        }
        catch
        {
            Dispose();
            throw;
        }
        device.Fill(_sum.Data, 0);

        BlockedMaps End(int i) => new(_ends.View.SubView(i * reader.Floats, reader.Floats), 1, reader.C, reader.H, reader.W);
    }

    /// <summary>Features [places, K, h, w] of from + at·(to − from), and what adds weights[i]·(the gradient at image i) to the sum, given the gradient at these features.</summary>
    /// <remarks>Dispose the pass when its gradient has been added.</remarks>
    public LinePass Features(float[] at)
    {
        ArgumentNullException.ThrowIfNull(at);
        int n = at.Length;
        using var memory = _device.Allocate<float>(_places.Floats * n);
        BlockedMaps Results(Node node) => Plan.Map(node, n, memory.View, _places);
        var pass = new GradientPass(_graph, _device, _kernels, n, Results, node =>
        {
            if (node == _reader) _kernels.Line(_from, _to, at, node.Relu, Results(node));
            else _run(node, Results);
        });
        return new(pass.Features(Results(_graph.Result)), (dy, weights) => pass.AtReaders(dy, (_, gradient) => _kernels.AddWeighted(gradient, weights, _sum)), pass);
    }

    /// <summary>The sum of what was added, at the images: [1, C, H, W].</summary>
    public Tensor Gradient()
    {
        using var pass = new GradientPass(_graph, _device, _kernels);
        return _device.Compute([1, _graph.Image.C, _graph.Image.H, _graph.Image.W], d => _reader.Backward(pass, _sum, d));
    }

    public void Dispose() => _ends.Dispose();
}

/// <summary>One pass of a <see cref="LinePlan"/>.</summary>
public sealed class LinePass : IDisposable
{
    readonly Action<Tensor, float[]> _add;
    readonly IDisposable _pass;

    internal LinePass(Tensor features, Action<Tensor, float[]> add, IDisposable pass) => (Features, _add, _pass) = (features, add, pass);

    public Tensor Features { get; }

    /// <summary>Adds Σ weights[i]·(gradient at image i), where <paramref name="dy"/> is the gradient at the features.</summary>
    public void Add(Tensor dy, float[] weights) => _add(dy, weights);

    public void Dispose() => _pass.Dispose();
}
