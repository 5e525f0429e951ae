using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>A function with weights: named parameters, named buffers that are state but not trained, named children.</summary>
/// <remarks>Names are literals in the constructor of the module that owns the child; joined by dots they are PyTorch's checkpoint keys.</remarks>
public abstract class Module : IDisposable
{
    readonly List<(string Name, Parameter Value)> _parameters = [];
    readonly List<(string Name, Tensor Value)> _buffers = [];
    readonly List<(string Name, Module Value)> _children = [];

    public Tensor Forward(Tensor x) => Forward(x, Pass.Inference);

    /// <summary>The module's result. What was made on the way is freed, unless a gradient may need it.</summary>
    public Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = x.Device.Scope();
        var y = Run(x, pass);
        return scope.Keep(pass.Watch?.See(this, y) ?? y);
    }

    protected abstract Tensor Run(Tensor x, Pass pass);

    /// <summary>Modules one after the other. Without a history to keep, each result is overwritten by the next one or freed as soon as that is there.</summary>
    protected static Tensor Chain(Tensor x, Pass pass, params ReadOnlySpan<Module> modules)
    {
        var y = x;
        for (int i = 0; i < modules.Length; i++)
        {
            var (before, module) = (y, modules[i]);
            bool ours = !ReferenceEquals(before, x) && !before.RequiresGrad, mayWrite = ours && before.IsAlone;
            if (i + 1 < modules.Length && modules[i + 1] is Relu relu && pass.Watch?.Wants(module) != true && module.Rectified(before, pass, mayWrite) is { } both)
            {
                y = pass.Watch?.See(relu, both) ?? both;
                i++;
            }
            else if (mayWrite && module.Overwrite(before, pass)) y = pass.Watch?.See(module, before) ?? before;
            else y = module.Forward(before, pass);
            if (ours && !y.RequiresGrad && !ReferenceEquals(y, before)) before.Dispose();
        }
        return y;
    }

    /// <summary>relu(branch + shortcut), written over the branch, which the caller made, where no history needs it.</summary>
    protected static Tensor Residual(Tensor branch, Tensor shortcut, Relu relu, Pass pass)
    {
        if (branch.RequiresGrad || shortcut.RequiresGrad || !branch.IsAlone || branch.Shape != shortcut.Shape) return relu.Forward(branch + shortcut, pass);
        branch.Device.Binary.Forward<AddRelu>(branch.View, shortcut.View, branch.View, BroadcastShape.Of(branch.Shape.Sizes, shortcut.Shape.Sizes));
        return pass.Watch?.See(relu, branch) ?? branch;
    }

    /// <summary>Writes the module's result over its input, for modules that can; the others return false and leave it.</summary>
    protected virtual bool Overwrite(Tensor x, Pass pass) => false;

    /// <summary>relu of the module's result in one pass over memory, over its input where that may be; null from modules that cannot.</summary>
    protected virtual Tensor? Rectified(Tensor x, Pass pass, bool overwrite) => null;

    protected M Add<M>(string name, M child) where M : Module
    {
        _children.Add((name, child));
        return child;
    }

    /// <summary>Registers weights; the module owns them from here on.</summary>
    protected Parameter Param(string name, Tensor value)
    {
        var parameter = new Parameter(value);
        _parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Registers state that is saved but not trained, such as running statistics.</summary>
    protected Tensor Buffer(string name, Tensor value)
    {
        value.Owner = null;
        _buffers.Add((name, value));
        return value;
    }

    /// <summary>Everything a checkpoint holds: parameters, then buffers, then the children's, in PyTorch's order and names.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() =>
        Modules().SelectMany(m => m.Value._parameters.Select(p => (p.Name, p.Value.Value)).Concat(m.Value._buffers).Select(t => (Join(m.Name, t.Item1), t.Item2)));

    public IEnumerable<(string Name, Parameter Value)> Parameters() =>
        Modules().SelectMany(m => m.Value._parameters.Select(p => (Join(m.Name, p.Name), p.Value)));

    /// <summary>This module (named "") and everything below it, parents first.</summary>
    public virtual IEnumerable<(string Name, Module Value)> Modules() =>
        _children.SelectMany(c => c.Value.Modules().Select(m => (Join(c.Name, m.Name), m.Value))).Prepend(("", this));

    /// <summary>Where its weights are.</summary>
    public Device Device => State().First().Value.Device;

    /// <summary>Trained numbers.</summary>
    public long ParameterCount => Parameters().Sum(p => (long)p.Value.Shape.Elements);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var (_, parameter) in _parameters) parameter.Dispose();
        foreach (var (_, buffer) in _buffers) buffer.Dispose();
        foreach (var (_, child) in _children) child.Dispose();
    }

    static string Join(string parent, string name) => parent.Length == 0 ? name : name.Length == 0 ? parent : $"{parent}.{name}";
}
