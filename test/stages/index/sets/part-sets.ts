import { classPhotos, each, photos, rows, turn, type WellKnownSet } from "./well-known-set.ts";

const scenes = ["buildings", "forest", "glacier", "mountain", "sea", "street"];
const tumours = ["glioma", "meningioma", "notumor", "pituitary"];
const wnids = ["n01443537", "n01629819", "n01641577"];
const lungs = ["NORMAL", "PNEUMONIA"];
const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

export const intelScenes: WellKnownSet = {
  name: "Intel Image Classification",
  files: {
    ...classPhotos(scenes, 4, (label, i) => `seg_train/seg_train/${label}/${i * 37}.jpg`),
    ...classPhotos(scenes, 2, (label, i) => `seg_test/seg_test/${label}/${20057 + i}.jpg`),
    ...photos(5, (i) => `seg_pred/seg_pred/${10004 + i}.jpg`),
  },
  counts: each(scenes, 6),
  parts: { train: 24, test: 12 },
  unlabelled: 5,
  flag: null,
};

export const brainTumourMri: WellKnownSet = {
  name: "Brain Tumor MRI",
  files: {
    ...classPhotos(tumours, 4, (label, i) => `Training/${label}/Tr-${label.slice(0, 2)}_001${i}.jpg`),
    ...classPhotos(tumours, 2, (label, i) => `Testing/${label}/Te-${label.slice(0, 2)}_001${i}.jpg`),
  },
  counts: each(tumours, 6),
  parts: { train: 16, test: 8 },
  unlabelled: 0,
  flag: null,
};

export const tinyImageNet: WellKnownSet = {
  name: "Tiny ImageNet",
  files: {
    "tiny-imagenet-200/wnids.txt": `${wnids.join("\n")}\n`,
    "tiny-imagenet-200/words.txt":
      "n00001740\tentity\nn01443537\tgoldfish, Carassius auratus\nn01629819\tEuropean fire salamander, Salamandra salamandra\nn01641577\tbullfrog, Rana catesbeiana\n",
    ...classPhotos(wnids, 6, (wnid, i) => `tiny-imagenet-200/train/${wnid}/images/${wnid}_${i}.JPEG`),
    ...Object.fromEntries(
      wnids.map((wnid) => [
        `tiny-imagenet-200/train/${wnid}/${wnid}_boxes.txt`,
        rows("", 6, (i) => `${wnid}_${i}.JPEG\t${i % 2}\t${10 + (i % 3)}\t63\t58`),
      ]),
    ),
    ...photos(9, (i) => `tiny-imagenet-200/val/images/val_${i}.JPEG`),
    "tiny-imagenet-200/val/val_annotations.txt": rows(
      "",
      9,
      (i) => `val_${i}.JPEG\t${turn(wnids, i)}\t0\t${32 + (i % 2)}\t44\t62`,
    ),
    ...photos(5, (i) => `tiny-imagenet-200/test/images/test_${i}.JPEG`),
  },
  counts: each(wnids, 9),
  parts: { train: 18, validation: 9 },
  unlabelled: 5,
  flag: null,
};

export const chestXray: WellKnownSet = {
  name: "Chest X-Ray (Pneumonia)",
  files: Object.fromEntries(
    ["chest_xray", "chest_xray/chest_xray", "chest_xray/__MACOSX/chest_xray"].flatMap((root) => {
      const dot = root.includes("MACOSX") ? "._" : "";
      return Object.entries({
        ...classPhotos(lungs, 4, (label, i) => `${root}/train/${label}/${dot}IM-0${i}.jpeg`),
        ...classPhotos(lungs, 2, (label, i) => `${root}/val/${label}/${dot}IM-1${i}.jpeg`),
        ...classPhotos(lungs, 3, (label, i) => `${root}/test/${label}/${dot}IM-2${i}.jpeg`),
      });
    }),
  ),
  counts: each(lungs, 9),
  parts: { train: 8, validation: 4, test: 6 },
  unlabelled: 0,
  flag: null,
};

const sign = (i: number) => String(i % 3);
const signFile = (i: number) => `${sign(i)}/0000${sign(i)}_0000${i % 2}_0000${i}.png`;
const signColumns = "Width,Height,Roi.X1,Roi.Y1,Roi.X2,Roi.Y2,ClassId,Path";

export const gtsrb: WellKnownSet = {
  name: "GTSRB traffic signs (Kaggle)",
  files: {
    ...photos(12, (i) => `Train/${signFile(i)}`),
    ...photos(6, (i) => `Test/0000${i}.png`),
    ...photos(3, (i) => `Meta/${i}.png`),
    "Train.csv": rows(signColumns, 12, (i) => `${27 + (i % 5)},26,5,5,22,20,${sign(i)},Train/${signFile(i)}`),
    "Test.csv": rows(signColumns, 6, (i) => `${53 + (i % 4)},54,6,5,48,49,${sign(i)},Test/0000${i}.png`),
    "Meta.csv": rows("Path,ClassId,ShapeId,ColorId,SignId", 3, (i) => `Meta/${i}.png,${i},1,0,3.${i}`),
    "Test/GT-final_test.csv": rows(
      "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId",
      6,
      (i) => `0000${i}.ppm;53;54;6;5;48;49;${sign(i)}`,
    ),
  },
  counts: each(["0", "1", "2"], 6),
  parts: { train: 12, test: 6 },
  unlabelled: 0,
  flag: null,
};

const fruits = ["Apple Braeburn", "Banana", "Cherry 1"];

export const fruits360: WellKnownSet = {
  name: "Fruits-360",
  files: {
    ...classPhotos(fruits, 4, (label, i) => `fruits-360/Training/${label}/${i}_100.jpg`),
    ...classPhotos(fruits, 2, (label, i) => `fruits-360/Test/${label}/3${i}_100.jpg`),
    "fruits-360/test-multiple_fruits/apple.jpg": "",
    "fruits-360/test-multiple_fruits/apples1.jpg": "",
    "fruits-360/papers/paper.pdf": "",
    "fruits-360/readme.md": "# Fruits-360\n",
    "fruits-360/LICENSE": "MIT\n",
  },
  counts: each(fruits, 6),
  parts: { train: 12, test: 6 },
  unlabelled: 0,
  flag: null,
};

const letters = ["A", "B", "del", "nothing", "space"];

export const aslAlphabet: WellKnownSet = {
  name: "ASL Alphabet",
  files: {
    ...classPhotos(
      letters,
      4,
      (label, i) => `asl_alphabet_train/asl_alphabet_train/${label}/${label}${i + 1}.jpg`,
    ),
    ...Object.fromEntries(
      letters
        .filter((label) => label !== "del")
        .map((label) => [`asl_alphabet_test/asl_alphabet_test/${label}_test.jpg`, ""]),
    ),
  },
  counts: each(letters, 4),
  parts: { train: 20 },
  unlabelled: 4,
  flag: null,
};

export const cifarFolders: WellKnownSet = {
  name: "CIFAR-10 as folders",
  files: {
    ...classPhotos(digits, 4, (label, i) => `train/${label}/000${i}.png`),
    ...classPhotos(digits, 2, (label, i) => `test/${label}/000${i}.png`),
    "labels.txt": "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n",
  },
  counts: each(digits, 6),
  parts: { train: 40, test: 20 },
  unlabelled: 0,
  flag: null,
};

export const mnistPng: WellKnownSet = {
  name: "MNIST as PNG",
  files: {
    ...classPhotos(digits, 4, (label, i) => `mnist_png/training/${label}/${i * 10 + Number(label)}.png`),
    ...classPhotos(digits, 2, (label, i) => `mnist_png/testing/${label}/${i * 10 + Number(label)}.png`),
  },
  counts: each(digits, 6),
  parts: { train: 40, test: 20 },
  unlabelled: 0,
  flag: null,
};

export const roboflowFolders: WellKnownSet = {
  name: "Roboflow, folder export",
  files: {
    ...classPhotos(["ripe", "unripe"], 6, (label, i) => `train/${label}/IMG_${i}_jpg.rf.0a${i}.jpg`),
    ...classPhotos(["ripe", "unripe"], 2, (label, i) => `valid/${label}/IMG_1${i}_jpg.rf.0b${i}.jpg`),
    ...classPhotos(["ripe", "unripe"], 1, (label, i) => `test/${label}/IMG_2${i}_jpg.rf.0c${i}.jpg`),
    "README.dataset.txt":
      "# Fruit > 2024-01-01\nhttps://universe.roboflow.com/fruit\n\nProvided by a Roboflow user\nLicense: CC BY 4.0\n",
    "README.roboflow.txt":
      "\nFruit - v1\n==============================\n\nThis dataset was exported via roboflow.com\n\nIt includes 18 images.\n",
    "data.yaml": "names: [ripe, unripe]\n",
  },
  counts: { ripe: 9, unripe: 9 },
  parts: { train: 12, validation: 4, test: 2 },
  unlabelled: 0,
  flag: null,
};

export const roboflowMultiClass: WellKnownSet = {
  name: "Roboflow, multi-class CSV export",
  files: Object.assign(
    {},
    ...[
      ["train", 8],
      ["valid", 4],
      ["test", 2],
    ].map(([part, count]) => ({
      ...photos(Number(count), (i) => `${part}/IMG_${i}_jpg.rf.${part}.jpg`),
      [`${part}/_classes.csv`]: rows(
        "filename, ripe, unripe",
        Number(count),
        (i) => `IMG_${i}_jpg.rf.${part}.jpg, ${i % 2 === 0 ? "1, 0" : "0, 1"}`,
      ),
    })),
    { "README.roboflow.txt": "This dataset was exported via roboflow.com\n" },
  ) as Record<string, string>,
  counts: { ripe: 7, unripe: 7 },
  parts: { train: 8, validation: 4, test: 2 },
  unlabelled: 0,
  flag: null,
};

export const huggingFaceClassFolders: WellKnownSet = {
  name: "Hugging Face imagefolder, class folders",
  files: {
    "README.md": "---\nlicense: mit\n---\n",
    ".gitattributes": "*.jpg filter=lfs\n",
    ...classPhotos(["cat", "dog"], 4, (label, i) => `data/train/${label}/${i}.jpg`),
    ...classPhotos(["cat", "dog"], 2, (label, i) => `data/test/${label}/${i}.jpg`),
  },
  counts: { cat: 6, dog: 6 },
  parts: { train: 8, test: 4 },
  unlabelled: 0,
  flag: null,
};

export const huggingFaceMetadataCsv: WellKnownSet = {
  name: "Hugging Face imagefolder, metadata.csv",
  files: {
    "README.md": "---\nlicense: mit\n---\n",
    "train/metadata.csv": rows("file_name,label", 8, (i) => `000${i}.png,${turn(["cat", "dog"], i)}`),
    "test/metadata.csv": rows("file_name,label", 4, (i) => `000${i}.png,${turn(["cat", "dog"], i)}`),
    ...photos(8, (i) => `train/000${i}.png`),
    ...photos(4, (i) => `test/000${i}.png`),
  },
  counts: { cat: 6, dog: 6 },
  parts: { train: 8, test: 4 },
  unlabelled: 0,
  flag: null,
};

export const huggingFaceMetadataJsonl: WellKnownSet = {
  name: "Hugging Face imagefolder, metadata.jsonl",
  files: {
    "metadata.jsonl": [
      rows(
        "",
        8,
        (i) => `{"file_name": "train/000${i}.png", "label": ${i % 2}, "additional_feature": "text ${i}"}`,
      ),
      rows(
        "",
        4,
        (i) => `{"file_name": "validation/000${i}.png", "label": ${i % 2}, "additional_feature": "text"}`,
      ),
    ].join(""),
    ...photos(8, (i) => `train/000${i}.png`),
    ...photos(4, (i) => `validation/000${i}.png`),
  },
  counts: { "0": 6, "1": 6 },
  parts: { train: 8, validation: 4 },
  unlabelled: 0,
  flag: null,
};
