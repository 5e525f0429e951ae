using System.CommandLine;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>models [NAME] [--layers]</c>: the architectures, or the layers of one.</summary>
static class ModelsCommand
{
    public static Command Create(TextWriter output)
    {
        var name = new Argument<string?>("NAME") { Description = "one of them (default: all)", Arity = ArgumentArity.ZeroOrOne };
        var layers = new Option<bool>("--layers") { Description = "its layers by name, with the shape that each makes of one image, and its weights" };
        var json = Options.Json();
        var command = new Command("models", "architectures with a name") { name, layers, json };
        command.SetAction(parsed =>
        {
            var screen = new Screen(output, quiet: false, parsed.GetValue(json));
            string? wanted = parsed.GetValue(name);
            if (parsed.GetValue(layers)) Write(screen, LayersOf(wanted ?? throw new UsageException("--layers: the name of a model was expected")), ["layer", "kind", "output", "weights"], parsed.GetValue(json));
            else Write(screen, (wanted is null ? ModelCatalogue.All : [ModelCatalogue.Find(wanted)]).Select(Row), ["model", "description", "input", "classes", "weights"], parsed.GetValue(json));
            return CommandLine.Done;
        });
        return command;
    }

    static string[] Row(ModelEntry m) => [m.Name, m.Description, Size(m.InputShape), $"{m.Classes}", Numbers.Count(m.Parameters)];

    static string[][] LayersOf(string name)
    {
        var entry = ModelCatalogue.Find(name);
        using var device = new CpuDevice();
        using var model = entry.Create(Initializer.Unset(device));
        return [.. Layer.Of(model).Select(l => (string[])[l.Name, l.Kind, l.Output is { } shape ? Size(shape[1..]) : "", l.Parameters == 0 ? "" : Numbers.Count(l.Parameters)])];
    }

    static string Size(Shape shape) => string.Join('×', shape.Sizes.ToArray());

    static void Write(Screen screen, IEnumerable<string[]> rows, string[] head, bool json)
    {
        if (json) screen.Json(rows.Select(row => head.Zip(row).ToDictionary(p => p.First, p => p.Second)));
        else screen.Table(head, rows, numbers: false);
    }
}
