namespace IlgpuXai.Xai;

/// <summary>
/// Simple linear iterative clustering: k-means of pixels by colour and place, each centre looking two grid steps around itself;
/// then every segment is made connected, scraps of less than a quarter of the mean size going to a neighbour.
/// </summary>
/// <remarks>
/// Achanta et al., "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods", 2012, algorithm 1. Colours are the numbers that the network takes, in units of
/// their standard deviation over the image, where the paper has CIELAB. D² = |Δcolour|²/σ² + compactness²·|Δplace|²/step².
/// </remarks>
sealed class SuperPixels(float[] image, int channels, int height, int width, int count, double compactness)
{
    const int Rounds = 10;

    readonly int _plane = height * width;
    readonly double _step = Math.Sqrt(height * (double)width / count);
    readonly double _variance = Variance(image, channels);

    public int[] Labels() => Connected(Clustered());

    int[] Clustered()
    {
        var centres = Centres();
        int[] labels = new int[_plane];
        double[] distances = new double[_plane];
        for (int round = 0; round < Rounds; round++)
        {
            Array.Fill(distances, double.PositiveInfinity);
            for (int k = 0; k < centres.Length; k++)
            {
                double[] centre = centres[k];
                int top = Math.Max(0, (int)(centre[0] - 2 * _step)), bottom = Math.Min(height - 1, (int)(centre[0] + 2 * _step));
                int left = Math.Max(0, (int)(centre[1] - 2 * _step)), right = Math.Min(width - 1, (int)(centre[1] + 2 * _step));
                for (int y = top; y <= bottom; y++)
                    for (int x = left; x <= right; x++)
                    {
                        int p = y * width + x;
                        double d = Distance(centre, y, x);
                        if (d < distances[p]) (distances[p], labels[p]) = (d, k);
                    }
            }
            centres = Means(labels, centres);
        }
        return labels;
    }

    double Distance(double[] centre, int y, int x)
    {
        double colour = 0, dy = y - centre[0], dx = x - centre[1];
        for (int c = 0; c < channels; c++)
        {
            double d = image[c * _plane + y * width + x] - centre[2 + c];
            colour += d * d;
        }
        return colour / _variance + compactness * compactness * (dy * dy + dx * dx) / (_step * _step);
    }

    // Of a centre: row, column, colour. On a grid, each moved to the place of the smallest gradient among its neighbours.
    double[][] Centres()
    {
        int rows = Math.Clamp((int)Math.Round(height / _step), 1, height), columns = Math.Clamp((int)Math.Round(width / _step), 1, width);
        var centres = new double[rows * columns][];
        for (int i = 0; i < centres.Length; i++)
        {
            int row = (int)((i / columns + 0.5) * height / rows), column = (int)((i % columns + 0.5) * width / columns);
            var (bestY, bestX, least) = (row, column, double.PositiveInfinity);
            for (int y = Math.Max(1, row - 1); y <= Math.Min(height - 2, row + 1); y++)
                for (int x = Math.Max(1, column - 1); x <= Math.Min(width - 2, column + 1); x++)
                    if (Steepness(y, x) is var g && g < least) (bestY, bestX, least) = (y, x, g);
            centres[i] = [bestY, bestX, .. Enumerable.Range(0, channels).Select(c => (double)image[c * _plane + bestY * width + bestX])];
        }
        return centres;
    }

    double Steepness(int y, int x)
    {
        double sum = 0;
        for (int c = 0; c < channels; c++)
        {
            int p = c * _plane + y * width + x;
            double dx = image[p + 1] - image[p - 1], dy = image[p + width] - image[p - width];
            sum += dx * dx + dy * dy;
        }
        return sum;
    }

    // A centre that lost all its pixels stays where it was.
    double[][] Means(int[] labels, double[][] before)
    {
        double[][] sums = Array.ConvertAll(before, _ => new double[2 + channels]);
        int[] pixels = new int[before.Length];
        for (int p = 0; p < _plane; p++)
        {
            double[] sum = sums[labels[p]];
            sum[0] += p / width;
            sum[1] += p % width;
            for (int c = 0; c < channels; c++) sum[2 + c] += image[c * _plane + p];
            pixels[labels[p]]++;
        }
        for (int k = 0; k < sums.Length; k++) sums[k] = pixels[k] == 0 ? before[k] : Array.ConvertAll(sums[k], s => s / pixels[k]);
        return sums;
    }

    // Connected parts in the order of their first pixels; a small one joins the part before it that it touches first.
    int[] Connected(int[] labels)
    {
        int[] result = new int[_plane];
        Array.Fill(result, -1);
        int segments = 0, least = Math.Max(1, (int)(_step * _step / 4));
        var part = new List<int>();
        for (int start = 0; start < _plane; start++)
        {
            if (result[start] >= 0) continue;
            int neighbour = start % width > 0 ? result[start - 1] : start >= width ? result[start - width] : -1;
            part.Clear();
            Reach(start, segments);
            if (part.Count >= least || neighbour < 0) segments++;
            else foreach (int p in part) result[p] = neighbour;
        }
        return result;

        void Reach(int from, int label)
        {
            part.Add(from);
            result[from] = label;
            for (int i = 0; i < part.Count; i++)
            {
                var (y, x) = (part[i] / width, part[i] % width);
                if (y > 0) Take(part[i], part[i] - width);
                if (x > 0) Take(part[i], part[i] - 1);
                if (x < width - 1) Take(part[i], part[i] + 1);
                if (y < height - 1) Take(part[i], part[i] + width);
            }

            void Take(int of, int p)
            {
                if (result[p] >= 0 || labels[p] != labels[of]) return;
                result[p] = label;
                part.Add(p);
            }
        }
    }

    // Summed over channels; 1 where the image is of one colour.
    static double Variance(float[] image, int channels)
    {
        double sum = 0;
        int plane = image.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            double mean = 0, squares = 0;
            for (int p = 0; p < plane; p++) mean += image[c * plane + p] / plane;
            for (int p = 0; p < plane; p++) squares += (image[c * plane + p] - mean) * (image[c * plane + p] - mean);
            sum += squares / plane;
        }
        return sum > 0 ? sum : 1;
    }
}
