using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>transfer DIR</c>: teaches a pretrained network the classes of a folder.</summary>
static class TransferCommand
{
    public static Command Create(TextWriter output)
    {
        var data = new Argument<string>("DIR") { Description = "a folder with one sub-folder of pictures per class" };
        var model = new Option<string>("--model") { Description = "architecture of the pretrained network: see the command models", Required = true, HelpName = "NAME" };
        var weights = Options.Weights();
        var head = Options.Choice("--head", "what is put on its features", HeadKind.Pooled, [("pooled", HeadKind.Pooled), ("dense", HeadKind.Dense)]);
        var epochs = Options.Whole("--epochs", "epochs of the head on the frozen network's features (default: 60)", 1);
        var rate = Options.Number("--rate", "learning rate of the head at the start (default: 0.001)", 1e-9, 100);
        var batch = Options.Whole("--batch", "pictures per step (default: 32)", 1);
        var decay = Options.Number("--weight-decay", "AdamW's weight decay (default: 0.0001)", 0, 1);
        var tune = Options.Whole("--fine-tune", "then this many epochs of the whole network (default: 0)", 0);
        var tuneRate = Options.Number("--fine-tune-rate", "learning rate of those (default: 0.00001)", 1e-9, 100);
        var freeze = new Option<string[]>("--freeze") { Description = "weights that fine-tuning leaves alone, as a pattern: layer1.*", HelpName = "PATTERN", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
        var balanced = new Option<bool>("--balanced") { Description = "classes weigh alike in the loss, however many pictures each has" };
        var validation = Options.Number("--validation", "share held out to choose the best epoch (default: 0.1)", 0, 0.5);
        var test = Options.Number("--test", "share held out to test (default: 0.25)", 0.01, 0.9);
        var splits = Options.Whole("--splits", "repeat with this many random splits (default: 1)", 1, 100);
        var skipBad = new Option<bool>("--skip-bad") { Description = "leave out files that are no readable pictures" };
        var overwrite = new Option<bool>("--overwrite") { Description = "replace earlier weights in the same folder" };
        var outFolder = Options.Out("folder for weights, manifest, history and features (default: out/transfer)");
        var preprocessing = Preprocessings.Option();
        var augmentation = new AugmentationOptions();
        var command = new Command("transfer", "teach a pretrained network the classes of a folder of pictures")
            { data, model, weights, head, epochs, rate, batch, decay, tune, tuneRate, freeze, balanced, validation, test, splits, preprocessing, skipBad, overwrite, outFolder };
        foreach (var option in augmentation.All) command.Options.Add(option);
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = ModelCatalogue.Find(parsed.GetValue(model)!);
            var changes = augmentation.Create(parsed);
            var plan = new TransferPlan(entry.Name, parsed.GetValue(head), parsed.GetValue(epochs) ?? 60, parsed.GetValue(rate) ?? 1e-3)
            {
                Batch = parsed.GetValue(batch) ?? 32, WeightDecay = parsed.GetValue(decay) ?? 1e-4,
                FineTuneEpochs = parsed.GetValue(tune) ?? 0, FineTuneRate = parsed.GetValue(tuneRate) ?? 1e-5, Freeze = parsed.GetValue(freeze) ?? [], Balanced = parsed.GetValue(balanced),
                Validation = parsed.GetValue(validation) ?? 0.1, Test = parsed.GetValue(test) ?? 0.25, Splits = parsed.GetValue(splits) ?? 1,
                Preprocessing = parsed.GetValue(preprocessing) ?? PictureInput.PreprocessingFor(entry), Seed = augmentation.Seed(parsed) ?? 1,
            };
            var run = new TransferRun(parsed.GetValue(outFolder) ?? Path.Combine("out", "transfer"), parsed.GetValue(overwrite));
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            var outcome = screen.Work(reporter => run.Run(device, plan, parsed.GetValue(data)!, parsed.GetValue(weights) ?? WeightFiles.For(entry.Name),
                changes.Steps.Count == 0 ? null : changes, parsed.GetValue(skipBad), Typed.Command(parsed), reporter, interrupt.Token));
            if (common.Json(parsed)) screen.Json(outcome);
            else
            {
                screen.Table(["split", "training", "validation", "test", "accuracy of the head", "accuracy"], outcome.Splits.Select((s, i) =>
                    (string[])[$"{i + 1}", $"{s.Training}", $"{s.Validation}", $"{s.Test}", Numbers.Percent(s.HeadAccuracy), Numbers.Percent(s.Accuracy)]));
                screen.Line($"accuracy on pictures that took no part: {outcome.MeanAccuracy * 100:0.00} %{(outcome.Splits.Count > 1 ? " (mean)" : "")}");
                foreach (string bad in outcome.Skipped) screen.Line($"left out: {bad}");
                screen.Line($"written: {run.Weights}, {run.Manifest}, {run.History}");
            }
            return CommandLine.Done;
        });
        return command;
    }
}
