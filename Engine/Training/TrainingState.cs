namespace IlgpuXai.Engine;

/// <summary>How far a training has come: all that the next step depends on.</summary>
sealed class TrainingState(ImageClassifier model, Optimizer optimizer, TrainingOptions options)
{
    readonly List<EpochRecord> _history = [];

    public ImageClassifier Model => model;
    public Optimizer Optimizer => optimizer;
    public IReadOnlyList<EpochRecord> History => _history;
    public IReadOnlyList<double> Losses => [.. _history.Select(r => r.Counted.Loss)];
    public EpochRecord? Best { get; private set; }

    /// <summary>The model's state after the best epoch, by name.</summary>
    public Dictionary<string, float[]> BestWeights { get; } = [];

    /// <summary>What it trains on, in a few words.</summary>
    public string Data { get; set; } = "";

    /// <summary>What makes it this training and no other, for a person to compare.</summary>
    public string Configuration => $"{model.GetType().Name}; {Data}; {optimizer}; {options.Rate}; seed {options.Seed}; class weights {(options.ClassWeights is { } v ? string.Join(" ", v) : "equal")}; best by {options.BestBy}";

    public bool Stalled => options.Patience is { } patience && Best is { } best && _history.Count - 1 - best.Epoch >= patience;

    public void Add(EpochRecord record)
    {
        _history.Add(record);
        if (Best is not null && !IsBetter(record.Counted, Best.Counted)) return;
        Best = record;
        foreach (var (name, tensor) in model.State()) BestWeights[name] = tensor.ToArray();
    }

    public void Restore(IEnumerable<EpochRecord> history)
    {
        _history.Clear();
        Best = null;
        foreach (var record in history)
        {
            _history.Add(record);
            if (Best is null || IsBetter(record.Counted, Best.Counted)) Best = record;
        }
    }

    public void RestoreBest()
    {
        foreach (var (name, tensor) in model.State())
            if (BestWeights.TryGetValue(name, out var values)) tensor.Device.Upload<float>(values, tensor.View);
    }

    bool IsBetter(Evaluation a, Evaluation b) => options.BestBy == BestBy.Accuracy && a.Accuracy != b.Accuracy
        ? a.Accuracy > b.Accuracy
        : a.Loss < b.Loss || (double.IsNaN(b.Loss) && !double.IsNaN(a.Loss));
}
