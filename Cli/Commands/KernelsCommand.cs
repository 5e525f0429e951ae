using System.CommandLine;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using IlgpuXai.Simt;

namespace IlgpuXai.Cli;

/// <summary><c>kernels list</c> and <c>kernels show NAME</c>: the GPU kernels and what becomes of them.</summary>
static class KernelsCommand
{
    enum Form { Cuda, OpenCl, Ptx }

    public static Command Create(TextWriter output) => new("kernels", "the GPU kernels and the text they are translated to") { ListKernels(output), Show(output) };

    static Command ListKernels(TextWriter output)
    {
        var json = Options.Json();
        var command = new Command("list", "the name of every kernel") { json };
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            var screen = new Screen(output, quiet: false, asJson);
            var rows = KernelCatalogue.All.Select(k => new { name = k.Key, method = MethodNames.Of(k.Value), source = SourceLines.Find(k.Value, 0), parameters = string.Join(", ", k.Value.GetParameters().Select(p => p.Name)) });
            if (asJson) screen.Json(rows);
            else screen.Table(["kernel", "source", "parameters"], rows.Select(r => (string[])[r.name, r.source, r.parameters]), numbers: false);
            return CommandLine.Done;
        });
        return command;
    }

    static Command Show(TextWriter output)
    {
        var name = new Argument<string>("NAME") { Description = "a kernel: see kernels list" };
        var form = Options.Choice("--as", "the language", Form.Cuda, [("cuda", Form.Cuda), ("opencl", Form.OpenCl), ("ptx", Form.Ptx)]);
        var math = Options.Choice("--math", "what compilers may do to arithmetic", KernelMath.Contracted, [("exact", KernelMath.Exact), ("contracted", KernelMath.Contracted), ("fast", KernelMath.Fast)]);
        var command = new Command("show", "the generated text of a kernel") { name, form, math };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetValue(name)!;
            if (!KernelCatalogue.All.TryGetValue(wanted, out var kernel)) throw new Experiments.UsageException(NearestName.Unknown("kernel", wanted, [.. KernelCatalogue.All.Keys]));
            var language = parsed.GetValue(form) == Form.OpenCl ? Language.OpenCl : Language.Cuda;
            var text = KernelTranslator.Translate(kernel, new(language) { Math = parsed.GetValue(math), Restrict = true });
            output.Write(parsed.GetValue(form) == Form.Ptx ? CudaPtx.Of(text) : text.Text);
            return CommandLine.Done;
        });
        return command;
    }
}
