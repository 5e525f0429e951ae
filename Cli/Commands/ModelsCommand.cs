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
            bool asJson = parsed.GetValue(json);
            var screen = new Screen(output, quiet: false, asJson);
            string? wanted = parsed.GetValue(name);
            if (parsed.GetValue(layers)) WriteLayers(screen, ModelCatalogue.Find(wanted ?? throw new UsageException("--layers: the name of a model was expected")), asJson);
            else WriteModels(screen, wanted is null ? ModelCatalogue.All : [ModelCatalogue.Find(wanted)], asJson);
            return CommandLine.Done;
        });
        return command;
    }

    static void WriteModels(Screen screen, IEnumerable<ModelEntry> models, bool json)
    {
        if (json) screen.Json(models.Select(m => new { model = m.Name, description = m.Description, input = m.InputShape.Sizes.ToArray(), classes = m.Classes, weights = m.Parameters }));
        else screen.Table(["model", "description", "input", "classes", "weights"],
            models.Select(m => (string[])[m.Name, m.Description, Size(m.InputShape), $"{m.Classes}", Numbers.Count(m.Parameters)]), numbers: false);
    }

    static void WriteLayers(Screen screen, ModelEntry entry, bool json)
    {
        using var device = new CpuDevice();
        using var model = entry.Create(Initializer.Unset(device));
        var layers = Layer.Of(model);
        if (json) screen.Json(layers.Select(l => new { layer = l.Name, kind = l.Kind, output = l.Output?[1..].Sizes.ToArray(), weights = l.Parameters }));
        else screen.Table(["layer", "kind", "output", "weights"],
            layers.Select(l => (string[])[l.Name, l.Kind, l.Output is { } shape ? Size(shape[1..]) : "", l.Parameters == 0 ? "" : Numbers.Count(l.Parameters)]), numbers: false);
    }

    static string Size(Shape shape) => string.Join('×', shape.Sizes.ToArray());
}
