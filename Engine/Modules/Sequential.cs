namespace IlgpuXai.Engine;

/// <summary>Modules one after the other, named 0, 1, 2, … as PyTorch does, or by names of their own.</summary>
public sealed class Sequential : Module
{
    readonly Module[] _modules;

    public Sequential(params ReadOnlySpan<Module> modules)
    {
        _modules = modules.ToArray();
        for (int i = 0; i < _modules.Length; i++) Add($"{i}", _modules[i]);
    }

    public Sequential(params ReadOnlySpan<(string Name, Module Module)> modules)
    {
        _modules = new Module[modules.Length];
        for (int i = 0; i < _modules.Length; i++) _modules[i] = Add(modules[i].Name, modules[i].Module);
    }

    protected override Tensor Run(Tensor x, Pass pass) => Chain(x, pass, _modules);
}
