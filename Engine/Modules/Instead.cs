namespace IlgpuXai.Engine;

/// <summary>Goes on with other results in the place of a layer's own.</summary>
/// <remarks>They may be more images than came: what they meet later, such as a residual, is one image that stands for all of them.</remarks>
/// <exception cref="UnknownLayerException">The model has no module of that name.</exception>
public sealed class Instead(Module model, string layer, Tensor results) : Watch
{
    readonly Module _layer = UnknownLayerException.Find(model, layer);

    internal override bool Wants(Module module) => module == _layer;

    internal override Tensor See(Module module, Tensor y) => module == _layer ? results.Detach() : y;
}
