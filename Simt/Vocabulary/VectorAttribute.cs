namespace IlgpuXai.Simt;

/// <summary>
/// A struct of two or four equal fields that devices read and write at once: on devices it is aligned to its own size, so a view that is
/// cast to it must start at a multiple of that.
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class VectorAttribute : Attribute;
