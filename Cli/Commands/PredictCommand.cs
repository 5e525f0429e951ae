using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>predict PICTURE…</c>: the most probable classes.</summary>
static class PredictCommand
{
    public static Command Create(TextWriter output)
    {
        var pictures = new Argument<string[]>("PICTURE") { Description = "pictures, or folders of them", Arity = ArgumentArity.OneOrMore };
        var top = Options.Whole("--top", "how many classes to name (default: 3)", 1);
        var input = new InputOptions();
        var command = new Command("predict", "what a network sees in pictures") { pictures, top };
        input.AddTo(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = input.Model(parsed);
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            var files = PictureInput.Files(parsed.GetValue(pictures)!);
            using var network = input.Load(parsed, device, entry);
            var preprocessing = input.Preprocessing(parsed, entry, network);
            PictureInput.CheckFits(preprocessing, network.Classifier);
            Prediction[] predictions = [.. Prediction.Of(network.Classifier, device, PictureInput.ReadAll(files, preprocessing), network.Classes, parsed.GetValue(top) ?? 3)];
            if (common.Json(parsed)) screen.Json(predictions);
            else
                screen.Table(["picture", .. predictions[0].Classes.Select((_, i) => i == 0 ? "class" : $"{i + 1}.")],
                    predictions.Select(p => (string[])[p.Picture + (p.Note is null ? "" : $" ({p.Note})"), .. p.Classes.Select(c => $"{network.Classes.Told(c.Class)} ({Numbers.Percent(c.Probability)})")]));
            return CommandLine.Done;
        });
        return command;
    }
}
