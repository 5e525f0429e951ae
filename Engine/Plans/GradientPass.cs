using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>One pass of which is kept what gradients at the images need: which results are positive, and where the largest of a window was. Weights have none.</summary>
sealed class GradientPass : IDisposable
{
    readonly Graph _graph;
    readonly Dictionary<Node, DeviceBuffer<ushort>> _signs = [], _signsBefore = [];
    readonly Dictionary<Node, DeviceBuffer<float>> _argmax = [];
    readonly int _images;

    /// <param name="results">Where results lie, until others take their place.</param>
    /// <param name="run">Computes a step; the pools are computed here.</param>
    public GradientPass(Graph graph, Device device, IBlockedKernels kernels, int images, Func<Node, BlockedMaps> results, Action<Node> run)
    {
        (_graph, Device, Kernels, _images) = (graph, device, kernels, images);
        try
        {
            foreach (var node in graph.Nodes)
            {
                var y = results(node);
                if (node is MaxPoolNode pool) Kernels.Pools.Max(results(pool.Inputs[0]), y, pool.Window(false), (_argmax[pool] = Device.Allocate<float>(y.Data.Length)).View);
                else run(node);
                if (node.Relu) _signs[node] = Signs(y, View.Empty, View.Empty);
                if (node is ConvNode { Scale.Length: > 0 } conv) _signsBefore[conv] = Signs(results(conv.Inputs[0]), conv.Scale, conv.Shift);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For the gradient of a single step, whose results are elsewhere.</summary>
    public GradientPass(Graph graph, Device device, IBlockedKernels kernels) => (_graph, Device, Kernels) = (graph, device, kernels);

    public Device Device { get; }
    public IBlockedKernels Kernels { get; }

    /// <summary>Which results of the ReLU before a convolution are positive.</summary>
    public SignView SignsBefore(ConvNode node) => _signsBefore[node].View;

    public View Argmax(MaxPoolNode node) => _argmax[node].View;

    /// <summary>The features [N, K, h, w] of the pass, which is freed where there is no memory for them.</summary>
    public Tensor Features(BlockedMaps result)
    {
        try { return Device.Compute([result.N, result.C, result.H, result.W], y => Kernels.Unblock(result, y)); }
        catch
        {
            Dispose();
            throw;
        }
    }

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

    DeviceBuffer<ushort> Signs(in BlockedMaps x, View scale, View shift)
    {
        var signs = Device.Allocate<ushort>(x.Data.Length / BlockedMaps.Lanes);
        Kernels.Signs(x, scale, shift, signs.View);
        return signs;
    }

    public void Dispose()
    {
        foreach (var buffer in _signs.Values) buffer.Dispose();
        foreach (var buffer in _signsBefore.Values) buffer.Dispose();
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
            if (Arrived(result)) pass.Kernels.Pointwise(maps, maps, new() { Gate = pass._signs[result].View });
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

        SignView Gate(Node input) => Arrived(input) ? pass._signs[input].View : SignView.Empty;

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
