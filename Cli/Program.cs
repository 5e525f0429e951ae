Console.WriteLine("ilgpuxai");
