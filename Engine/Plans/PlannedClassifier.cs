using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>A frozen classifier whose features are computed by a plan; otherwise it is the classifier: same layers, names and weights.</summary>
/// <remarks>A plan is made for the size of the images that come, and kept as long as they have it. Passes that record gradients of weights, watch layers or train take the layers themselves.</remarks>
public sealed class PlannedClassifier : ImageClassifier
{
    readonly ImageClassifier _model;
    readonly PlanOptions? _options;
    Plan? _plan;
    bool _none;

    PlannedClassifier(ImageClassifier model, PlanOptions? options) : base(model.InputShape, model.Classes) => (_model, _options) = (model, options);

    /// <summary>The classifier with plans, or itself on a device that has none.</summary>
    public static ImageClassifier Of(ImageClassifier model, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Device.Blocked is null ? model : new PlannedClassifier(model, options);
    }

    public override IEnumerable<(string Name, Module Value)> Modules() => _model.Modules();

    /// <summary>The plan for images of this size; null where the network is none for plans.</summary>
    public Plan? For(int height, int width)
    {
        if (_none || _plan is { } plan && plan.InputShape == [InputShape[0], height, width]) return _plan;
        _plan?.Dispose();
        _plan = Plan.Of(_model, height, width, _options);
        _none = _plan is null;
        return _plan;
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass)
    {
        if (pass is not { Mode: Mode.Inference, Records: false, Watch: null } || x.Shape[0] == 0 || For(x.Shape[2], x.Shape[3]) is not { } plan) return _model.Features(x, pass);
        return x.RequiresGrad ? plan.FeaturesFrom(x) : plan.Features(x);
    }

    protected override Tensor RunHead(Tensor features, Pass pass) => _model.Head(features, pass);

    protected override void Dispose(bool disposing)
    {
        _plan?.Dispose();
        _model.Dispose();
        base.Dispose(disposing);
    }
}
