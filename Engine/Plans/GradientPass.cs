using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>One pass whose results are kept, so that gradients at the images can be asked for. Weights have none.</summary>
sealed class GradientPass : IDisposable
{
    readonly Graph _graph;
    readonly DeviceBuffer<float>? _memory;
    readonly Func<Node, BlockedMaps> _results;
    readonly Dictionary<Node, DeviceBuffer<float>> _argmax = [];
    readonly int _images;

    /// <param name="run">Computes a step; the pools are computed here.</param>
    public GradientPass(Graph graph, Device device, IBlockedKernels kernels, int images, DeviceBuffer<float> memory, Func<Node, BlockedMaps> results, Action<Node> run)
    {
        (_graph, Device, Kernels, _images, _memory, _results) = (graph, device, kernels, images, memory, results);
        try
        {
            foreach (var node in graph.Nodes)
            {
                if (node is MaxPoolNode pool) Pool(pool);
                else run(node);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For the gradient of a single step, whose results are elsewhere.</summary>
    public GradientPass(Graph graph, Device device, IBlockedKernels kernels) => (_graph, Device, Kernels, _results) = (graph, device, kernels, _ => throw new InvalidOperationException("no results were kept"));

    public Device Device { get; }
    public IBlockedKernels Kernels { get; }

    public BlockedMaps Result(Node node) => _results(node);

    public View Argmax(MaxPoolNode node) => _argmax[node].View;

    /// <summary>The gradient at the images [N, C, H, W] from dy, the gradient at the features [N, K, h, w].</summary>
    public Tensor AtImages(Tensor dy)
    {
        var image = _graph.Image;
        Tensor? dx = null;
        AtReaders(dy, (reader, gradient) =>
        {
            var part = Device.Compute([_images, image.C, image.H, image.W], d => reader.Backward(this, gradient, d));
            dx = dx is null ? part : dx + part;
        });
        return dx ?? Device.Zeros([_images, image.C, image.H, image.W]);
    }

    /// <summary>Hands the gradients at the results of those steps that read the images, before their ReLUs, to <paramref name="use"/>.</summary>
    public void AtReaders(Tensor dy, Action<ImageReader, BlockedMaps> use)
    {
        using var gradients = new Sums(this);
        gradients.Start(dy);
        for (int i = _graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = _graph.Nodes[i];
            if (!gradients.Has(node)) continue;                          // a constant's way to the result
            if (node is ImageReader reader) use(reader, gradients[node]);
            else gradients.PassOn(node);
            gradients.Drop(node);
        }
    }

    void Pool(MaxPoolNode pool)
    {
        var y = _results(pool);
        var argmax = _argmax[pool] = Device.Allocate<float>(y.Data.Length);
        Kernels.MaxPool(_results(pool.Inputs[0]), y, pool.Window(false), argmax.View);
    }

    public void Dispose()
    {
        _memory?.Dispose();
        foreach (var buffer in _argmax.Values) buffer.Dispose();
    }

    /// <summary>Gradients at results, summed over whoever reads them; the last summand is put through the result's own ReLU.</summary>
    sealed class Sums(GradientPass pass) : IDisposable
    {
        readonly Dictionary<Node, int> _missing = pass._graph.Readers();
        readonly Dictionary<Node, (Shared Buffer, BlockedMaps Maps)> _sums = [];

        public BlockedMaps this[Node node] => _sums[node].Maps;

        public bool Has(Node node) => _sums.ContainsKey(node);

        public void Start(Tensor dy)
        {
            var result = pass._graph.Result;
            var (_, maps) = _sums[result] = New(result);
            pass.Kernels.Block(dy.View, maps);
            if (Arrived(result)) pass.Kernels.Pointwise(maps, maps, new() { Gate = pass.Result(result).Data });
        }

        /// <summary>A step's inputs get what its gradient says.</summary>
        public void PassOn(Node node)
        {
            var (buffer, dy) = _sums[node];
            for (int i = 0, channel = 0; i < node.Inputs.Count; i++)
            {
                var input = node.Inputs[i];
                if (input is ConstantNode)
                {
                    channel += input.C;
                    continue;
                }
                if (node is ConcatNode)
                {
                    Part(input, buffer, dy, channel);
                    channel += input.C;
                }
                else if (node.PassesOn(i)) Same(input, buffer, dy, mayShare: i == node.Inputs.Count - 1);
                else
                {
                    // Sums are added to in place: every element is read just before it is written.
                    bool known = _sums.TryGetValue(input, out var sum);
                    if (!known) _sums[input] = sum = New(input);
                    node.Backward(pass, dy, sum.Maps, new() { Residual = known ? sum.Maps.Data : View.Empty, Gate = Gate(input) });
                }
            }
        }

        // The gradient itself: its memory goes over where it is the first, nothing has to be done to it, and nobody else adds to that memory.
        void Same(Node input, Shared buffer, BlockedMaps dy, bool mayShare)
        {
            bool known = _sums.TryGetValue(input, out var sum);
            var gate = Gate(input);
            if (!known && gate.Length == 0 && mayShare)
            {
                _sums[input] = (buffer.Share(), dy);
                return;
            }
            if (!known) _sums[input] = sum = New(input);
            pass.Kernels.Pointwise(dy, sum.Maps, new() { Residual = known ? sum.Maps.Data : View.Empty, Gate = gate });
        }

        void Part(Node input, Shared buffer, BlockedMaps dy, int channel)
        {
            bool last = channel + input.C == dy.C;
            if (channel % BlockedMaps.Lanes == 0 && (input.C % BlockedMaps.Lanes == 0 || last))
            {
                long floats = BlockedMaps.Floats(dy.N, input.C, dy.H, dy.W), from = (long)channel * dy.N * dy.H * dy.W;
                Same(input, buffer, new(dy.Data.SubView(from, floats), dy.N, input.C, dy.H, dy.W), mayShare: true);
                return;
            }
            var (own, part) = New(input);
            pass.Kernels.Extract(dy, part, channel);
            Same(input, own, part, mayShare: true);
            own.Release();
        }

        public void Drop(Node node)
        {
            if (_sums.Remove(node, out var sum)) sum.Buffer.Release();
        }

        View Gate(Node input) => Arrived(input) ? pass.Result(input).Data : View.Empty;

        // Whether this is the last summand, and a ReLU ends the result.
        bool Arrived(Node node) => --_missing[node] == 0 && node.Relu;

        (Shared Buffer, BlockedMaps Maps) New(Node node)
        {
            var buffer = new Shared(pass.Device.Allocate<float>(node.Floats * pass._images));
            return (buffer, new(buffer.View, pass._images, node.C, node.H, node.W));
        }

        public void Dispose()
        {
            foreach (var (buffer, _) in _sums.Values) buffer.Release();
        }
    }

    /// <summary>Memory that several gradients lie in; it goes with the last.</summary>
    sealed class Shared(DeviceBuffer<float> buffer)
    {
        int _shares = 1;

        public View View => buffer.View;

        public Shared Share()
        {
            _shares++;
            return this;
        }

        public void Release()
        {
            if (--_shares == 0) buffer.Dispose();
        }
    }
}
