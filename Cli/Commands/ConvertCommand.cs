using System.CommandLine;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary><c>convert IN OUT</c>: weights of any format that is read, as safetensors.</summary>
static class ConvertCommand
{
    public static Command Create(TextWriter output)
    {
        var from = Options.File("IN", "safetensors, PyTorch (.pt, .pth) or NumPy (.npz), or a name of weights list");
        var to = Options.File("OUT", "the safetensors file to write");
        var type = Options.Choice<DType?>("--type", "how fractions are stored (default: as they are)", null, [("F64", DType.F64), ("F32", DType.F32), ("F16", DType.F16), ("BF16", DType.BF16)]);
        var overwrite = new Option<bool>("--overwrite") { Description = "replace a file that is there" };
        var json = Options.Json();
        var command = new Command("convert", "weights of another format as safetensors") { from, to, type, overwrite, json };
        command.SetAction(parsed =>
        {
            var written = WeightConversion.Run(WeightFiles.Resolve(parsed.GetValue(from)!), parsed.GetValue(to)!, parsed.GetValue(type), parsed.GetValue(overwrite));
            var screen = new Screen(output, quiet: false, parsed.GetValue(json));
            if (parsed.GetValue(json)) screen.Json(written);
            else screen.Line($"{written.To}: {written.Arrays} arrays, {Numbers.Count(written.Bytes)} bytes, SHA-256 {written.Sha256}");
            return CommandLine.Done;
        });
        return command;
    }
}
