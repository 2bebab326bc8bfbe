import { classPhotos, each, photos, rows, turn, type WellKnownSet } from "./well-known-set.ts";

const birds = ["001.Black_footed_Albatross", "002.Laysan_Albatross", "003.Sooty_Albatross"];
const bird = (i: number) => `${turn(birds, i)}/${turn(birds, i).slice(4)}_00${i}_7961${i}.jpg`;

export const cub: WellKnownSet = {
  name: "CUB-200-2011",
  files: {
    "attributes.txt": "1 has_bill_shape::curved_(up_or_down)\n2 has_bill_shape::dagger\n",
    "CUB_200_2011/README": "Caltech-UCSD Birds\n",
    "CUB_200_2011/images.txt": rows("", 12, (i) => `${i + 1} ${bird(i)}`),
    "CUB_200_2011/image_class_labels.txt": rows("", 12, (i) => `${i + 1} ${(i % 3) + 1}`),
    "CUB_200_2011/train_test_split.txt": rows("", 12, (i) => `${i + 1} ${i < 6 ? 1 : 0}`),
    "CUB_200_2011/classes.txt": rows("", 3, (i) => `${i + 1} ${turn(birds, i)}`),
    "CUB_200_2011/bounding_boxes.txt": rows("", 12, (i) => `${i + 1} 60.0 27.0 ${325 - i}.0 304.0`),
    "CUB_200_2011/attributes/certainties.txt": "1 not visible\n2 guessing\n3 probably\n4 definitely\n",
    "CUB_200_2011/attributes/class_attribute_labels_continuous.txt":
      "0.0 1.4 81.2\n0.0 0.0 66.3\n8.8 0.0 67.5\n",
    "CUB_200_2011/attributes/image_attribute_labels.txt": rows(
      "",
      24,
      (i) => `${Math.floor(i / 2) + 1} ${(i % 2) + 1} ${i % 2} 3 27.7080`,
    ),
    "CUB_200_2011/parts/parts.txt": "1 back\n2 beak\n3 belly\n",
    "CUB_200_2011/parts/part_locs.txt": rows("", 12, (i) => `${i + 1} 1 ${i}.0 ${i}.0 ${i % 2}`),
    "CUB_200_2011/parts/part_click_locs.txt": rows("", 12, (i) => `${i + 1} 1 ${i}.0 ${i}.0 ${i % 2} 2.0`),
    ...photos(12, (i) => `CUB_200_2011/images/${bird(i)}`),
  },
  counts: each(birds, 4),
  parts: { train: 6, test: 6 },
  unlabelled: 0,
  flag: null,
};

export const cubWithSegmentations: WellKnownSet = {
  ...cub,
  name: "CUB-200-2011 with segmentations",
  files: {
    ...cub.files,
    ...photos(12, (i) => `CUB_200_2011/segmentations/${bird(i).replace(".jpg", ".png")}`),
  },
};

const pets = ["Abyssinian", "american_bulldog", "Bengal"];
const petOf = (i: number) => `${turn(pets, i)}_${Math.floor(i / 3) + 1}`;
const petLine = (i: number) => `${petOf(i)} ${(i % 3) + 1} ${i % 3 === 1 ? 2 : 1} ${i % 3 === 2 ? 2 : 1}`;

export const oxfordPets: WellKnownSet = {
  name: "Oxford-IIIT Pet",
  files: {
    ...photos(18, (i) => `images/${petOf(i)}.jpg`),
    "images/Abyssinian_100.mat": "",
    "annotations/README": "OXFORD-IIIT PET Dataset\n",
    "annotations/list.txt": `#Image CLASS-ID SPECIES BREED ID\n#ID: 1:37 Class ids\n#SPECIES: 1:Cat 2:Dog\n#BREED ID: 1-25:Cat 1:12:Dog\n#All images with 1st letter as captial are cat images\n#images with small first letter are dog images\n${rows("", 18, petLine)}`,
    "annotations/trainval.txt": rows("", 9, petLine),
    "annotations/test.txt": rows("", 9, (i) => petLine(i + 9)),
    ...photos(18, (i) => `annotations/trimaps/${petOf(i)}.png`),
    ...photos(18, (i) => `annotations/xmls/${petOf(i)}.xml`),
  },
  counts: each(pets, 6),
  parts: { "-": 18 },
  unlabelled: 0,
  flag: "--label-from name",
};

const dishes = ["apple_pie", "baby_back_ribs", "baklava"];
const dish = (i: number) => `${turn(dishes, i)}/${1005649 + i}`;
const dishLists = (from: number, to: number) =>
  JSON.stringify(
    Object.fromEntries(
      dishes.map((label) => [
        label,
        Array.from({ length: to - from }, (_, i) => dish(from + i)).filter((path) => path.startsWith(label)),
      ]),
    ),
  );

export const food101: WellKnownSet = {
  name: "Food-101",
  files: {
    ...photos(12, (i) => `food-101/images/${dish(i)}.jpg`),
    "food-101/meta/train.txt": rows("", 9, dish),
    "food-101/meta/test.txt": rows("", 3, (i) => dish(i + 9)),
    "food-101/meta/train.json": dishLists(0, 9),
    "food-101/meta/test.json": dishLists(9, 12),
    "food-101/meta/classes.txt": `${dishes.join("\n")}\n`,
    "food-101/meta/labels.txt": "Apple pie\nBaby back ribs\nBaklava\n",
    "food-101/README.txt": "Food-101 Data Set\n",
    "food-101/license_agreement.txt": "The Food-101 data set consists of images from Foodspotting\n",
  },
  counts: each(dishes, 4),
  parts: { train: 9, test: 3 },
  unlabelled: 0,
  flag: null,
};

export const caltech101: WellKnownSet = {
  name: "Caltech-101",
  files: {
    ...classPhotos(
      ["BACKGROUND_Google", "accordion", "airplanes"],
      4,
      (label, i) => `caltech-101/101_ObjectCategories/${label}/image_000${i + 1}.jpg`,
    ),
    "caltech-101/Annotations/accordion/annotation_0001.mat": "",
    "caltech-101/show_annotation.m": "",
  },
  counts: each(["BACKGROUND_Google", "accordion", "airplanes"], 4),
  parts: { "-": 12 },
  unlabelled: 0,
  flag: null,
};

const dogs = ["n02085620-Chihuahua", "n02085782-Japanese_spaniel"];

export const stanfordDogs: WellKnownSet = {
  name: "Stanford Dogs",
  files: {
    ...classPhotos(dogs, 4, (label, i) => `Images/${label}/${label.slice(0, 9)}_10${i}.jpg`),
    // Published without an ending.
    ...Object.fromEntries(
      Object.keys(classPhotos(dogs, 4, (label, i) => `Annotation/${label}/${label.slice(0, 9)}_10${i}`)).map(
        (file) => [file, "<annotation>\n</annotation>\n"],
      ),
    ),
    ...{ "train_list.mat": "", "test_list.mat": "", "file_list.mat": "" },
  },
  counts: each(dogs, 4),
  parts: { "-": 8 },
  unlabelled: 0,
  flag: null,
};

const lands = ["AnnualCrop", "Forest", "SeaLake"];

export const euroSat: WellKnownSet = {
  name: "EuroSAT (RGB)",
  files: classPhotos(lands, 4, (label, i) => `EuroSAT/2750/${label}/${label}_${i + 1}.jpg`),
  counts: each(lands, 4),
  parts: { "-": 12 },
  unlabelled: 0,
  flag: null,
};

const leaves = ["Apple___Apple_scab", "Apple___healthy", "Tomato___Late_blight"];

export const plantVillage: WellKnownSet = {
  name: "PlantVillage",
  files: Object.assign(
    {},
    ...["color", "grayscale", "segmented"].map((version) =>
      classPhotos(
        leaves,
        3,
        (label, i) =>
          `plantvillage dataset/${version}/${label}/${"0123456789abcdef"[i] ?? ""}075aa8-d81a-4184-8541-b692b78d398a___FREC_Scab 333${i}.JPG`,
      ),
    ),
  ) as Record<string, string>,
  counts: each(leaves, 3),
  parts: { "-": 9 },
  unlabelled: 0,
  flag: '--photos "plantvillage dataset/color"',
};

const flowerNames = { "1": "pink primrose", "2": "hard-leaved pocket orchid" };

export const flowers102Folders: WellKnownSet = {
  name: "Flowers-102, as PyTorch's course has it",
  files: {
    "cat_to_name.json": JSON.stringify(flowerNames),
    ...classPhotos(["1", "2"], 4, (label, i) => `flowers/train/${label}/image_0${label}${i}.jpg`),
    ...classPhotos(["1", "2"], 2, (label, i) => `flowers/valid/${label}/image_1${label}${i}.jpg`),
    ...classPhotos(["1", "2"], 1, (label, i) => `flowers/test/${label}/image_2${label}${i}.jpg`),
  },
  counts: { "1": 7, "2": 7 },
  parts: { train: 8, validation: 4, test: 2 },
  unlabelled: 0,
  flag: null,
};

const lesion = (i: number) => `ISIC_00${24306 + i}`;
const diagnoses = ["bkl", "nv", "mel"];

export const ham10000: WellKnownSet = {
  name: "HAM10000",
  files: {
    "HAM10000_metadata.csv": rows("lesion_id,image_id,dx,dx_type,age,sex,localization", 12, (i) =>
      [
        `HAM_000${Math.floor(i / 6) * 3 + (i % 3)}`,
        lesion(i),
        turn(diagnoses, i),
        i < 6 ? "histo" : "follow_up",
        80 - (i % 4) * 5,
        i % 2 === 0 ? "male" : "female",
        i < 8 ? "scalp" : "ear",
      ].join(","),
    ),
    ...photos(6, (i) => `HAM10000_images_part_1/${lesion(i)}.jpg`),
    ...photos(6, (i) => `HAM10000_images_part_2/${lesion(i + 6)}.jpg`),
    "hmnist_8_8_L.csv": rows("pixel0000,pixel0001,pixel0002,label", 12, (i) => `${169 + i},171,170,${i % 3}`),
    "hmnist_28_28_RGB.csv": rows(
      "pixel0000,pixel0001,pixel0002,label",
      12,
      (i) => `${192 + i},153,193,${i % 3}`,
    ),
  },
  counts: each(diagnoses, 4),
  parts: { "-": 12 },
  unlabelled: 0,
  flag: null,
};

export const petImages: WellKnownSet = {
  name: "Cats and Dogs (Microsoft)",
  files: {
    ...classPhotos(["Cat", "Dog"], 4, (label, i) => `PetImages/${label}/${i}.jpg`),
    "PetImages/Cat/Thumbs.db": "",
    "MSR-LA - 3467.docx": "",
    "readme[1].txt": "This is the readme file\n",
  },
  counts: { Cat: 4, Dog: 4 },
  parts: { "-": 8 },
  unlabelled: 0,
  flag: null,
};
