using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>predict PICTURE…</c>: the most probable classes.</summary>
static class PredictCommand
{
    public static Command Create(TextWriter output)
    {
        var pictures = new Argument<string[]>("PICTURE") { Description = "PNG files", Arity = ArgumentArity.OneOrMore };
        var weights = Options.Weights();
        var allowMissing = Options.AllowMissing();
        var model = Options.Model();
        var top = Options.Whole("--top", "how many classes to name (default: 3)", 1);
        var invert = new Option<bool>("--invert") { Description = "dark ink on light paper: turn it round" };
        var command = new Command("predict", "what a network sees in pictures") { pictures, weights, allowMissing, model, top, invert };
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = ModelCatalogue.Find(parsed.GetValue(model)!);
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            PictureInput[] inputs = [.. parsed.GetValue(pictures)!.Select(p => PictureInput.Read(p, entry.InputShape, parsed.GetValue(invert)))];
            using var network = Network.Load(device, entry.Name, parsed.GetValue(weights) ?? WeightFiles.For(entry.Name), parsed.GetValue(allowMissing));
            var predictions = Prediction.Of(network.Classifier, device, inputs, parsed.GetValue(top) ?? 3);
            if (common.Json(parsed)) screen.Json(predictions);
            else
                screen.Table(["picture", .. predictions[0].Classes.Select((_, i) => i == 0 ? "class" : $"{i + 1}.")],
                    predictions.Select(p => (string[])[p.Picture + (p.Note is null ? "" : $" ({p.Note})"), .. p.Classes.Select(c => $"{c.Class} ({Numbers.Percent(c.Probability)})")]));
            return CommandLine.Done;
        });
        return command;
    }
}
