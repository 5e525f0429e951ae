using System.IO.Enumeration;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using IlgpuXai.Stats;

namespace IlgpuXai.Experiments;

/// <summary>
/// Teaches a pretrained network the classes of a folder of pictures: features of the frozen backbone once, a head on them, then, if asked for, the whole network at a smaller rate.
/// Writes weights, manifest and history.
/// </summary>
public sealed class TransferRun
{
    readonly string _folder;

    public TransferRun(string folder, bool overwrite)
    {
        _folder = folder;
        if (File.Exists(folder)) throw new UserException($"{folder}: is a file, a folder for the weights was expected");
        if (File.Exists(Weights) && !overwrite) throw new UserException($"{Weights}: exists; replace it with --overwrite, or choose another folder with --out");
    }

    public string Weights => Path.Combine(_folder, "network.safetensors");
    public string Manifest => Path.Combine(_folder, "network.json");
    public string History => Path.Combine(_folder, "history.svg");

    /// <summary>Features of pictures; kept after the run, so that another head or another split need not compute them.</summary>
    public string Features => Path.Combine(_folder, "features");

    /// <exception cref="UserException">The folder has no classes, too few pictures, or unreadable ones that may not be skipped.</exception>
    /// <exception cref="OperationCanceledException">Features that were computed are kept.</exception>
    public TransferOutcome Run(Device device, TransferPlan plan, string data, string weightsFile, Augmentation? augmentation, bool skipBad, string commandLine, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(reporter);
        var pictures = ImageFolder.Open(data);
        if (pictures.ClassNames.Count < 2) throw new UserException($"{data}: at least two sub-folders, one per class, were expected");
        using var backbone = Network.LoadBackbone(device, plan.Model, weightsFile);
        PictureInput.CheckFits(plan.Preprocessing, backbone.Classifier);
        var cache = new FeatureCache(Features, backbone.Frozen, device, $"{backbone.Sha256} {plan.Model} {device.Name}", plan.Preprocessing, plan.Head == HeadKind.Pooled);
        var features = cache.Of([.. pictures.Files.Select(f => f.Path)], reporter, stop);
        if (cache.Found > 0) reporter.Note($"{cache.Found} of {features.Length} pictures had features from an earlier run");
        string[] bad = [.. features.Where(f => f.Bad is not null).Select(f => f.Bad!)];
        if (bad.Length > 0 && !skipBad) throw new UserException($"{bad.Length} of {features.Length} files are no readable pictures (--skip-bad leaves them out): {string.Join("; ", bad)}");
        var good = new Examples([.. pictures.Files.Where((_, i) => features[i].Bad is null)], [.. features.Where(f => f.Bad is null).Select(f => f.Features!)], cache.Shape ?? throw new UserException($"{data}: no picture can be read"));

        var outcomes = new List<SplitOutcome>();
        for (int split = 0; split < plan.Splits; split++)
        {
            if (plan.Splits > 1) reporter.Note($"split {split + 1} of {plan.Splits}");
            // Fine-tuning moves the backbone: each split begins with the weights of the file.
            using var fresh = plan.FineTuneEpochs > 0 && split > 0 ? Network.LoadBackbone(device, plan.Model, weightsFile) : null;
            outcomes.Add(Learn(device, plan, (fresh ?? backbone).Classifier, good, pictures.ClassNames, augmentation, plan.Seed + (ulong)split, split == 0, reporter, stop));
        }
        var outcome = new TransferOutcome(plan, Path.GetFileName(weightsFile), backbone.Sha256, pictures.ClassNames, pictures.Counts, bad, outcomes.Average(o => o.Accuracy), outcomes, commandLine, Study.Version);
        AtomicFile.WriteText(History, TrainingHistory.Draw(outcomes[0]));
        AtomicFile.WriteText(Manifest, Json.Write(outcome));
        return outcome;
    }

    sealed record Examples(LabelledFile[] Files, float[][] Features, Shape FeatureShape)
    {
        public int[] Labels => Array.ConvertAll(Files, f => f.Label);

        public ArrayBatches Batches(int[] chosen, int size, ulong? seed = null) =>
            new(chosen.SelectMany(i => Features[i]).ToArray(), chosen.Select(i => Files[i].Label).ToArray(), FeatureShape, size, seed);

        public LabelledFile[] Of(int[] chosen) => Array.ConvertAll(chosen, i => Files[i]);
    }

    SplitOutcome Learn(Device device, TransferPlan plan, ImageClassifier backbone, Examples all, IReadOnlyList<string> classes, Augmentation? augmentation, ulong seed, bool save, IReporter reporter, CancellationToken stop)
    {
        var parts = Stratified.Split(all.Labels, plan.Validation, plan.Test, seed);
        if (parts.Training.Length < 2 || parts.Test.Length == 0) throw new UserException($"{all.Files.Length} pictures are too few: {parts.Training.Length} to train on, {parts.Test.Length} to test");
        var network = new TransferClassifier(backbone, plan.Top(new Initializer(device, seed), classes.Count), classes.Count);
        using var top = network.Top;                                         // the backbone goes on to the next split
        var weights = plan.Balanced ? ClassWeights(all.Of(parts.Training), classes.Count) : null;
        var head = network.HeadAlone(all.FeatureShape);

        var onFeatures = Fit(device, head, head.Parameters(), plan.Epochs, plan.Rate, plan.WeightDecay, seed, weights,
            all.Batches(parts.Training, plan.Batch, seed), Batches(parts.Validation, c => all.Batches(c, 256)), "head", reporter, stop);
        double headAccuracy = Accuracy(head, device, all.Batches(parts.Test, 256)), accuracy = headAccuracy;
        IReadOnlyList<EpochOutcome> tuned = [];
        if (plan.FineTuneEpochs > 0)
        {
            var moved = network.Parameters().Where(p => !IsFrozen(p.Name, plan.Freeze)).ToList();
            tuned = Fit(device, network, moved, plan.FineTuneEpochs, plan.FineTuneRate, plan.WeightDecay, seed, weights,
                new PictureBatches(all.Of(parts.Training), plan.Preprocessing, plan.Batch, augmentation, seed), Batches(parts.Validation, c => new PictureBatches(all.Of(c), plan.Preprocessing, plan.Batch)), "network", reporter, stop);
            accuracy = Accuracy(network, device, new PictureBatches(all.Of(parts.Test), plan.Preprocessing, plan.Batch));
        }
        if (save) network.Save(Weights, (WeightMetadata.Model, plan.Model), (WeightMetadata.Head, $"{plan.Head}".ToLowerInvariant()), (WeightMetadata.Classes, Json.Line(classes)), (WeightMetadata.Preprocessing, $"{plan.Preprocessing}"), ("program", $"IlgpuXai {Study.Version}"));
        return new(parts.Training.Length, parts.Validation.Length, parts.Test.Length, accuracy, headAccuracy, onFeatures, tuned);
    }

    static IBatches? Batches(int[] chosen, Func<int[], IBatches> batches) => chosen.Length == 0 ? null : batches(chosen);

    static IReadOnlyList<EpochOutcome> Fit(Device device, ImageClassifier f, IEnumerable<(string, Parameter)> moved, int epochs, double rate, double decay, ulong seed, float[]? classWeights,
        IBatches training, IBatches? validation, string what, IReporter reporter, CancellationToken stop)
    {
        using var optimizer = Adam.W(moved, decay);
        using var stage = reporter.Begin($"training the {what}", "epochs", epochs);
        var trainer = new Trainer(device, f, optimizer, new(epochs, new CosineRate(rate, epochs)) { Seed = seed, BestBy = BestBy.Accuracy, KeepBest = validation is not null, ClassWeights = classWeights })
        {
            OnEpoch = _ => stage.Advance(),
        };
        return [.. trainer.Fit(training, validation, stop).Select(r => new EpochOutcome(r.Epoch + 1, r.Rate, r.Training.Loss, r.Training.Accuracy, r.Validation?.Loss, r.Validation?.Accuracy))];
    }

    static double Accuracy(ImageClassifier f, Device device, IBatches test) => f.Evaluate(device, test).Accuracy;

    // Each class weighs as if it had its even share of the pictures.
    static float[] ClassWeights(LabelledFile[] files, int classes)
    {
        var weights = new float[classes];
        for (int c = 0; c < classes; c++) weights[c] = files.Length / (float)(classes * Math.Max(1, files.Count(f => f.Label == c)));
        return weights;
    }

    static bool IsFrozen(string parameter, IReadOnlyList<string> patterns)
    {
        const string backbone = "backbone.";
        return parameter.StartsWith(backbone, StringComparison.Ordinal) && patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, parameter.AsSpan(backbone.Length), ignoreCase: false));
    }
}
