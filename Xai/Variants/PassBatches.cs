using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Many images, or variants of some, through a classifier: how many share a pass is found on the first image and kept for the rest, and halved where the device has no more memory.</summary>
/// <param name="memoryBudget">The most device memory a pass may take beyond what is in use already, bytes. One variant is computed even where that takes more.</param>
sealed class PassBatches(Device device, long memoryBudget)
{
    // On plans larger batches gain nothing.
    const long PlannedBudget = 64L << 20;

    readonly Dictionary<object, int> _sizes = [];

    public static PassBatches For(ImageClassifier f, Device device, long memoryBudget) => new(device, f is PlannedClassifier ? Math.Min(memoryBudget, PlannedBudget) : memoryBudget);

    /// <summary>Variants per pass of the last run; 0 before the first.</summary>
    public int Size { get; private set; }

    /// <summary>Hands the variants first … first + count − 1, batch after batch, to <paramref name="pass"/> and its result to <paramref name="use"/>; tensors made on the way are freed.</summary>
    /// <param name="kind">Of what size the variants are, compared by value. The first time that a kind comes, the first batches are small, and the bytes they take tell how many fit.</param>
    public void Run<T>(object kind, int variants, Func<int, int, T> pass, Action<int, T> use)
    {
        const int few = 1, more = 3;
        int first = 0;
        if (variants == 0) return;
        if (_sizes.TryGetValue(kind, out int known)) Size = known;
        else
        {
            Size = few;
            long least = PeakOf(Next);
            if (variants - first > more && least <= memoryBudget)
            {
                Size = more;
                long larger = PeakOf(Next), each = Math.Max(1, (larger - least + more - few - 1) / (more - few)), room = memoryBudget - (least - few * each);
                if (Size == more) _sizes[kind] = Size = (int)Math.Clamp(room / each, 1, int.MaxValue);
            }
        }
        Size = Math.Min(Size, variants);
        while (first < variants) Next();

        void Next()
        {
            int count = Math.Min(Size, variants - first);
            try
            {
                using var scope = device.Scope();
                use(first, pass(first, count));
                first += count;
            }
            catch (OutOfDeviceMemoryException) when (count > 1)
            {
                _sizes[kind] = Size = count / 2;                     // again, with half the batch
                device.Trim();
            }
        }
    }

    /// <summary>Hands the images 0 … count − 1, batch after batch, to <paramref name="pass"/> and each result, in order and once, to <paramref name="found"/>.</summary>
    public void Each<T>(object kind, int images, Func<int, int, IReadOnlyList<T>> pass, Action<int, T> found)
    {
        int told = 0;
        // A batch comes again in halves where there was no memory for what is done with its results.
        Run(kind, images, pass, (first, some) =>
        {
            for (; told < first + some.Count; told++) found(told, some[told - first]);
        });
    }

    long PeakOf(Action pass)
    {
        device.ResetPeak();
        long before = device.LiveBytes;
        pass();
        return device.PeakBytes - before;
    }
}
