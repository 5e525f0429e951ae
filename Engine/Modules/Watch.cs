namespace IlgpuXai.Engine;

/// <summary>Looks at the results of modules as a forward pass makes them.</summary>
public abstract class Watch
{
    /// <summary>Whether it wants the result of this module: that one is then computed by itself, not in one pass over memory with what follows.</summary>
    internal abstract bool Wants(Module module);

    /// <summary>Takes note of a result; what it returns goes on in its place.</summary>
    internal abstract Tensor See(Module module, Tensor y);
}
