using IlgpuXai.Data;
using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>Pictures from files as batches for training, decoded and augmented ahead of the network. Nothing is kept: a data set may be larger than memory.</summary>
/// <param name="augmentation">Null shows each picture as it is.</param>
/// <param name="seed">Null keeps the order.</param>
sealed class PictureBatches(IReadOnlyList<LabelledFile> files, Preprocessing preprocessing, int size, Augmentation? augmentation = null, ulong? seed = null) : IBatches
{
    readonly Batches _batches = new(files.Count, size, seed);

    public int Images => files.Count;
    public int Count => _batches.Count;

    public IEnumerable<Batch> Epoch(int epoch)
    {
        List<(float[] Values, int Label)> batch = [];
        foreach (var item in ReadAhead.Of(_batches.Order(epoch), i => (Values(epoch, i), files[i].Label), threads: Math.Max(1, Environment.ProcessorCount / 2), ahead: 2 * size))
        {
            batch.Add(item);
            if (batch.Count < size) continue;
            yield return Joined(batch);
            batch.Clear();
        }
        if (batch.Count > 0) yield return Joined(batch);
    }

    float[] Values(int epoch, int index)
    {
        if (augmentation is null) return preprocessing.Read(files[index].Path).Values;
        var picture = preprocessing.Picture(ImageFile.Read(files[index].Path));
        return preprocessing.Values.Apply(augmentation.Apply(picture, epoch, index));
    }

    static Batch Joined(List<(float[] Values, int Label)> batch) => new(batch.SelectMany(b => b.Values).ToArray(), batch.Select(b => b.Label).ToArray());
}
