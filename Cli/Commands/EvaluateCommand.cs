using System.CommandLine;
using IlgpuXai.Data;
using IlgpuXai.Experiments;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>evaluate</c>: accuracy and classification report of weights on a data set.</summary>
static class EvaluateCommand
{
    public static Command Create(TextWriter output)
    {
        var data = Options.Data();
        var weights = Options.Weights();
        var allowMissing = Options.AllowMissing();
        var model = Options.Model();
        var seed = Options.Seed();
        var split = Options.Choice("--split", "which half of the data", Split.Test, [("test", Split.Test), ("train", Split.Train)]);
        var command = new Command("evaluate", "accuracy and classification report of a network") { data, weights, allowMissing, model, split, seed };
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = Options.ModelFor(parsed.GetValue(model), parsed.GetValue(weights));
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            var source = StudyData.Load(parsed.GetValue(data), GeneratedPreset.Default, parsed.GetValue(seed) ?? 1);
            var images = parsed.GetValue(split) == Split.Test ? source.Test : source.Training();
            using var network = Network.Load(device, entry.Name, parsed.GetValue(weights) ?? WeightFiles.For(entry.Name), parsed.GetValue(allowMissing));
            var classified = screen.Work(reporter => Classification.Of(network.Classifier, device, images, reporter, interrupt.Token));
            if (common.Json(parsed)) screen.Json(new { model = entry.Name, network.Sha256, data = source.Name, images = images.Count, classified.Report });
            else
            {
                screen.Line($"{network.Source} on {images.Count} images, {source.Name}");
                screen.Line();
                screen.Line(classified.Report.ToText(4).TrimEnd());
            }
            return CommandLine.Done;
        });
        return command;
    }
}
