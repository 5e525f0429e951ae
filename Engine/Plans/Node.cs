using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>A step of a plan: makes maps [C, H, W] of each image from the maps of its inputs.</summary>
abstract class Node(int c, int h, int w, params ReadOnlySpan<Node> inputs) : IDisposable
{
    public int C { get; } = c;
    public int H { get; } = h;
    public int W { get; } = w;

    public List<Node> Inputs { get; } = [.. inputs];

    /// <summary>The modules whose result this is, by name.</summary>
    public HashSet<string> Layers { get; } = [];

    /// <summary>Whether max(·, 0) ends it.</summary>
    public bool Relu { get; set; }

    /// <summary>Places of its first input that one place of the result depends on; other inputs are read at the place itself.</summary>
    public virtual Stencil Stencil => Stencil.Point;

    /// <summary>What lies around a map for it.</summary>
    public virtual float Outside => 0;

    public virtual double Flops => 0;

    /// <summary>What the table of a plan says about how it computes.</summary>
    public virtual string Algorithm => "";

    public abstract string Kind { get; }

    /// <summary>Whether parts of an input can be read where they lie; others have to be gathered.</summary>
    public virtual bool ReadsParts(int input) => false;

    /// <summary>The input whose maps may be y itself; −1 for none.</summary>
    public virtual int Overwrites => -1;

    /// <summary>y ← the result for maps of its inputs.</summary>
    public abstract void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use);

    /// <summary>Whether the gradient at an input is the gradient at the result (after its ReLU) as it is.</summary>
    public virtual bool PassesOn(int input) => false;

    /// <summary>Packs what the gradient needs; called before the first.</summary>
    public virtual void PrepareBackward(Device device, IBlockedKernels kernels) { }

    /// <summary>dx ← the gradient at the first input from dy, the gradient before the result's ReLU; then residual and gate of <paramref name="use"/>.</summary>
    public virtual void Backward(GradientPass pass, in BlockedMaps dy, in BlockedMaps dx, in ConvUse use) => throw new InvalidOperationException($"{Kind} has no gradient");

    /// <summary>Floats of one image in blocks.</summary>
    public long Floats => BlockedMaps.Floats(1, C, H, W);

    /// <summary>Packs what it needs; called once, after the last pass.</summary>
    public virtual void Prepare(Device device, IBlockedKernels kernels) { }

    /// <summary>Packs what passes of many images need; called before the first.</summary>
    public virtual void PrepareMany(Device device, IBlockedKernels kernels) { }

    /// <summary>Of packed weights, bytes.</summary>
    public virtual long WeightBytes => 0;

    /// <summary>Frees what was packed.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    protected virtual void Release() { }
}

/// <summary>How a step is run.</summary>
/// <param name="Padded">The first input already holds what lies around the result's places, so that nothing has to be thought of around it.</param>
/// <param name="Many">One of hundreds of passes.</param>
readonly record struct StepUse(bool Padded = false, bool Many = false);

/// <summary>Taps around a place: the result at p reads p·Stride − Pad + r·Dilation, r below Taps, per axis.</summary>
readonly record struct Stencil(int R, int S, int StrideH, int StrideW, int PadH, int PadW, int DilationH = 1, int DilationW = 1)
{
    public static Stencil Point => new(1, 1, 1, 1, 0, 0);

    public int SpanH => (R - 1) * DilationH + 1;
    public int SpanW => (S - 1) * DilationW + 1;
    public bool IsPoint => this == Point;
}

/// <summary>The images [C, H, W] as the network takes them.</summary>
sealed class ImageNode(int c, int h, int w) : Node(c, h, w)
{
    public override string Kind => "image";

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) => throw new InvalidOperationException("images are given, not computed");
}

/// <summary>A step that reads images.</summary>
abstract class ImageReader(int c, int h, int w, Node image) : Node(c, h, w, image)
{
    /// <param name="rectified">Whether the ReLU is applied, if there is one.</param>
    public abstract void Read(IBlockedKernels kernels, View images, int h, int w, in BlockedMaps y, bool padded, bool rectified = true);

    /// <summary>dx [N, C, H, W] ← the gradient at the images.</summary>
    public abstract void Backward(GradientPass pass, in BlockedMaps dy, View dx);

    public sealed override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) => throw new InvalidOperationException("this step reads images");
}

/// <summary>Images to blocks.</summary>
sealed class BlockNode(Node image) : ImageReader(image.C, image.H, image.W, image)
{
    public override string Kind => "block";

    public override void Read(IBlockedKernels kernels, View images, int h, int w, in BlockedMaps y, bool padded, bool rectified) => kernels.Block(images, y);

    public override void Backward(GradientPass pass, in BlockedMaps dy, View dx) => pass.Kernels.Unblock(dy, dx);
}

/// <summary>Maps of one value everywhere.</summary>
sealed class ConstantNode(int c, int h, int w, float value) : Node(c, h, w)
{
    public override string Kind => "constant";

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) => kernels.Fill(y, value);
}

/// <summary>A convolution, with what was folded into it: batch norm, residual (its second input), ReLU; and a batch norm with ReLU before it.</summary>
sealed class ConvNode(ConvOperation operation, Node x, Tensor weight, Tensor? bias) : Node(operation.Shape.K, operation.Shape.P, operation.Shape.Q, x)
{
    readonly Conv2dShape _s = operation.Shape;
    BlockedConv? _conv, _ofMany;
    ConvGradient? _gradient;
    AffineLanes? _before;

    public ConvWindow Window => new(_s.C, _s.K, _s.R, _s.S, _s.StrideH, _s.StrideW, _s.DilationH, _s.DilationW, _s.Groups);
    public Tensor Weight => weight;
    public Tensor? Bias => bias;
    public ChannelAffine After { get; set; } = ChannelAffine.None;
    public ChannelAffine Before { get; set; } = ChannelAffine.None;
    public ConvAlgorithm Chosen { get; set; }
    public ConvAlgorithm ChosenOfMany { get; set; }

    /// <summary>Of the norm before, whole blocks; empty where there is none.</summary>
    public View Scale => _before?.Scale ?? View.Empty;
    public View Shift => _before?.Shift ?? View.Empty;

    /// <summary>How its gradient computes.</summary>
    public Choice Choice { get; set; } = ChooseAlgorithms.Rule(ConvAlgorithm.Direct);

    public override string Kind => $"conv {_s.R}×{_s.S}{(_s.StrideH > 1 ? $"/{_s.StrideH}" : "")}{(_s.Groups > 1 ? $" in {_s.Groups} groups" : "")}{(Before.IsNone ? "" : ", norm and relu before")}{(Inputs.Count > 1 ? " + residual" : "")}{(Relu ? ", relu" : "")}";
    public override string Algorithm => Chosen switch { ConvAlgorithm.Winograd2 => "winograd 2×2", ConvAlgorithm.Winograd4 => "winograd 4×4", _ => Window.IsPointwise ? "product" : "direct" };
    public override double Flops => 2.0 * _s.K * _s.PQ * _s.CRS;
    public override Stencil Stencil => new(_s.R, _s.S, _s.StrideH, _s.StrideW, _s.PadH, _s.PadW, _s.DilationH, _s.DilationW);
    public override long WeightBytes => _conv?.WeightBytes ?? 0;

    public override void Prepare(Device device, IBlockedKernels kernels)
    {
        if (!Before.IsNone) _before = Before.Upload(device);
        _conv = Pack(Chosen, device, kernels);
    }

    public override void PrepareMany(Device device, IBlockedKernels kernels)
    {
        if (ChosenOfMany != Chosen) _ofMany ??= Pack(ChosenOfMany, device, kernels);
    }

    BlockedConv Pack(ConvAlgorithm algorithm, Device device, IBlockedKernels kernels)
    {
        using var folded = new FoldedWeights(device, weight, bias, After);
        return kernels.Conv(Window, algorithm, KernelTaps.Forward(folded.Weight, Window), folded.Bias);
    }

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) =>
        (use.Many && _ofMany is not null ? _ofMany : _conv!).Run(x[0], y, new()
        {
            PadH = use.Padded ? 0 : _s.PadH, PadW = use.Padded ? 0 : _s.PadW, Relu = Relu, Residual = x.Length > 1 ? x[1].Plain.Data : View.Empty,
            Scale = Scale, Shift = Shift,
        });

    public override bool ReadsParts(int input) => input == 0;

    public override int Overwrites => 1;

    public override bool PassesOn(int input) => input == 1;

    public override void PrepareBackward(Device device, IBlockedKernels kernels)
    {
        if (_gradient is not null) return;
        using var folded = new FoldedWeights(device, weight, bias, After);
        _gradient = new(Window, _s.PadH, _s.PadW, _s.H, _s.W, folded.Weight, Choice, device, kernels);
    }

    public override void Backward(GradientPass pass, in BlockedMaps dy, in BlockedMaps dx, in ConvUse use)
    {
        if (Before.IsNone)
        {
            _gradient!.Run(dy, dx, use);
            return;
        }
        using var temporary = pass.Device.Allocate<float>(dx.Data.Length);
        var before = new BlockedMaps(temporary.View, dx.N, dx.C, dx.H, dx.W);
        _gradient!.Run(dy, before, new());
        pass.Kernels.RectifiedBackward(before, pass.SignsBefore(this), dx, use with { Scale = Scale });
    }

    protected override void Release()
    {
        _conv?.Dispose();
        _ofMany?.Dispose();
        _gradient?.Dispose();
        _before?.Dispose();
    }
}

/// <summary>A convolution that reads images: the first layer.</summary>
sealed class ImageConvNode(ConvOperation operation, Node image, Tensor weight, Tensor? bias) : ImageReader(operation.Shape.K, operation.Shape.P, operation.Shape.Q, image)
{
    readonly Conv2dShape _s = operation.Shape;
    ImageConv? _conv;
    ImageConvGradient? _gradient;

    /// <summary>More channels are better read in blocks.</summary>
    public static bool Serves(Conv2dShape s) => s is { C: < BlockedMaps.Lanes, Groups: 1, DilationH: 1, DilationW: 1 };

    public ConvWindow Window => new(_s.C, _s.K, _s.R, _s.S, _s.StrideH, _s.StrideW);
    public Tensor Weight => weight;
    public Tensor? Bias => bias;
    public ChannelAffine After { get; set; } = ChannelAffine.None;

    public override string Kind => $"conv {_s.R}×{_s.S}{(_s.StrideH > 1 ? $"/{_s.StrideH}" : "")} of images{(Relu ? ", relu" : "")}";
    public override string Algorithm => "interleaved";
    public override double Flops => 2.0 * _s.K * _s.PQ * _s.CRS;
    public override Stencil Stencil => new(_s.R, _s.S, _s.StrideH, _s.StrideW, _s.PadH, _s.PadW);
    public override long WeightBytes => _conv?.WeightBytes ?? 0;

    public override void Prepare(Device device, IBlockedKernels kernels)
    {
        using var folded = new FoldedWeights(device, weight, bias, After);
        _conv = kernels.ImageConv(Window, KernelTaps.Forward(folded.Weight, Window), folded.Bias);
    }

    public override void Read(IBlockedKernels kernels, View images, int h, int w, in BlockedMaps y, bool padded, bool rectified) =>
        _conv!.Run(images, h, w, y, new() { PadH = padded ? 0 : _s.PadH, PadW = padded ? 0 : _s.PadW, Relu = Relu && rectified });

    public override void PrepareBackward(Device device, IBlockedKernels kernels)
    {
        if (_gradient is not null) return;
        using var folded = new FoldedWeights(device, weight, bias, After);
        _gradient = new(_s, folded.Weight, device, kernels);
    }

    public override void Backward(GradientPass pass, in BlockedMaps dy, View dx) => _gradient!.Run(dy, dx);

    protected override void Release()
    {
        _conv?.Dispose();
        _gradient?.Dispose();
    }
}

/// <summary>y = max(x·scale + shift + other, 0), each part where it is there: batch norm, sum and ReLU that no convolution took.</summary>
sealed class PointwiseNode(Node x, Node? other = null) : Node(x.C, x.H, x.W, other is null ? [x] : [x, other])
{
    AffineLanes? _affine;
    DeviceBuffer<float>? _zero;

    public ChannelAffine Affine { get; set; } = ChannelAffine.None;

    public override string Kind => string.Join(", ", ((string[])[Affine.IsNone ? "" : "norm", Inputs.Count > 1 ? "add" : "", Relu ? "relu" : ""]).Where(p => p.Length > 0)) is { Length: > 0 } k ? k : "copy";

    public override void Prepare(Device device, IBlockedKernels kernels)
    {
        if (!Affine.IsNone) _affine = Affine.Upload(device);
    }

    public override int Overwrites => Inputs.Count - 1;

    public override bool PassesOn(int input) => input == 1 || Affine.IsNone;

    public override void PrepareBackward(Device device, IBlockedKernels kernels)
    {
        if (_zero is not null || Affine.IsNone) return;
        _zero = device.Allocate<float>(_affine!.Shift.Length);
        device.Fill(_zero.View, 0);
    }

    public override void Backward(GradientPass pass, in BlockedMaps dy, in BlockedMaps dx, in ConvUse use) => pass.Kernels.Pointwise(dy, dx, use with { Scale = _affine!.Scale, Shift = _zero!.View });

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) =>
        kernels.Pointwise(x[0].Plain, y, new() { Relu = Relu, Residual = x.Length > 1 ? x[1].Plain.Data : View.Empty, Scale = _affine?.Scale ?? View.Empty, Shift = _affine?.Shift ?? View.Empty });

    protected override void Release()
    {
        _affine?.Dispose();
        _zero?.Dispose();
    }
}

sealed class MaxPoolNode(Pool2dShape s, Node x) : Node(x.C, s.P, s.Q, x)
{
    public override string Kind => $"max pool {s.R}×{s.S}/{s.StrideH}";
    public override float Outside => float.NegativeInfinity;
    public override Stencil Stencil => new(s.R, s.S, s.StrideH, s.StrideW, s.PadH, s.PadW);

    public PoolWindow Window(bool padded) => new(s.R, s.S, s.StrideH, s.StrideW, padded ? 0 : s.PadH, padded ? 0 : s.PadW);

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) => kernels.Pools.Max(x[0].Plain, y, Window(use.Padded), View.Empty);

    public override void Backward(GradientPass pass, in BlockedMaps dy, in BlockedMaps dx, in ConvUse use) => pass.Kernels.Pools.MaxBackward(dy, pass.Argmax(this), dx, Window(false), use);
}

sealed class AveragePoolNode(Pool2dShape s, Node x) : Node(x.C, s.P, s.Q, x)
{
    public override string Kind => $"average pool {s.R}×{s.S}/{s.StrideH}";
    public override Stencil Stencil => new(s.R, s.S, s.StrideH, s.StrideW, s.PadH, s.PadW);

    public PoolWindow Window(bool padded) => new(s.R, s.S, s.StrideH, s.StrideW, padded ? 0 : s.PadH, padded ? 0 : s.PadW);

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use) => kernels.Pools.Average(x[0].Plain, y, Window(use.Padded));

    public override void Backward(GradientPass pass, in BlockedMaps dy, in BlockedMaps dx, in ConvUse use) => pass.Kernels.Pools.AverageBackward(dy, dx, Window(false), use);
}

/// <summary>Channels of its inputs one behind the other.</summary>
sealed class ConcatNode(int channels, ReadOnlySpan<Node> parts) : Node(channels, parts[0].H, parts[0].W, parts)
{
    /// <summary>Those inputs that a plan's memory has where they belong; the others are copied.</summary>
    public HashSet<Node> InPlace { get; } = [];

    public override string Kind => InPlace.Count == Inputs.Count ? "concat in place" : "concat";

    public override void Run(IBlockedKernels kernels, ReadOnlySpan<PatchedMaps> x, in BlockedMaps y, StepUse use)
    {
        for (int i = 0, channel = 0; i < x.Length; channel += x[i++].C) kernels.Insert(x[i].Plain, y, channel);
    }
}
