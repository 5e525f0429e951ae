using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>train</c>: a network from images.</summary>
static class TrainCommand
{
    public static Command Create(TextWriter output)
    {
        var data = Options.Data();
        var model = Options.Model();
        var outFolder = Options.Out("folder for weights, manifest and history (default: out/train)");
        var epochs = Options.Whole("--epochs", "passes over the training images (default: 12)", 1);
        var batch = Options.Whole("--batch", "images per step (default: 128)", 1);
        var rate = Options.Number("--rate", "learning rate at the start (default: 0.001)", 1e-9, 100);
        var optimizer = Options.Choice("--optimizer", "how weights move", OptimizerKind.Adam, [("adam", OptimizerKind.Adam), ("adamw", OptimizerKind.AdamW), ("sgd", OptimizerKind.Sgd)]);
        var schedule = Options.Choice("--schedule", "how the learning rate changes", Schedule.Cosine,
            [("cosine", Schedule.Cosine), ("constant", Schedule.Constant), ("step", Schedule.Step), ("plateau", Schedule.Plateau)]);
        var decay = Options.Number("--weight-decay", "weight decay (default: 0)", 0, 1);
        var validation = Options.Number("--validation", "share of the training images held out to choose the best epoch (default: 1/12)", 0, 0.5);
        var patience = Options.Whole("--patience", "stop after this many epochs without a better one", 1);
        var seed = Options.Seed();
        var resume = new Option<bool>("--resume") { Description = "continue an interrupted training" };
        var overwrite = new Option<bool>("--overwrite") { Description = "replace an earlier training in the same folder" };
        var command = new Command("train", "train a network") { data, model, outFolder, epochs, batch, rate, optimizer, schedule, decay, validation, patience, seed, resume, overwrite };
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = Options.ModelFor(parsed.GetValue(model), weights: null);
            var plan = new TrainingPlan(entry.Name, parsed.GetValue(epochs) ?? 12, parsed.GetValue(batch) ?? 128, parsed.GetValue(rate) ?? 0.001, parsed.GetValue(optimizer), parsed.GetValue(schedule),
                parsed.GetValue(seed) ?? 1, parsed.GetValue(validation) ?? 1 / 12.0, parsed.GetValue(decay) ?? 0, Patience: parsed.GetValue(patience));
            var run = new TrainingRun(parsed.GetValue(outFolder) ?? Path.Combine("out", "train"), entry.Name);
            var (resumes, overwrites) = (parsed.GetValue(resume), parsed.GetValue(overwrite));
            run.Check(resumes, overwrites);
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            var source = StudyData.Load(parsed.GetValue(data), GeneratedPreset.Default, plan.Seed);
            var manifest = screen.Work(reporter => run.Run(device, plan, source, Typed.Command(parsed), resumes, overwrites, reporter, interrupt.Token));
            if (common.Json(parsed)) screen.Json(manifest);
            else
            {
                screen.Line($"test accuracy {manifest.TestAccuracy * 100:0.00} % on {manifest.TestImages} images, weights of epoch {manifest.Training.BestEpoch}");
                screen.Line($"written: {run.Weights}, {run.Manifest}, {run.History}");
            }
            return CommandLine.Done;
        });
        return command;
    }
}
